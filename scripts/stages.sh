# shellcheck shell=bash
# The stages of test and test-all: each prints a line of progress and adds to
# the counts. Sourced, after lib.sh and with $here set, never run.

# What a stage prints is its own business, but for lines that begin with "ok "
# or "not ok "; those that begin with "# " are figures worth showing.

# Seconds for the tests of one guest.
GUEST_LIMIT=2400

# as_test COMMAND...: a failure that no "not ok" tells of becomes one.
as_test() {
	local status=0
	"$@" >"$work/log" 2>&1 || status=$?
	if ((status)) && ! grep -q '^not ok ' "$work/log"; then
		echo "not ok $*: it ended with status $status" >>"$work/log"
	fi
}

# stage NAME COMMAND...: one line of progress, and what failed in full. False
# if anything failed.
stage() {
	local name=$1 began=$SECONDS ok bad
	shift
	printf '%-34s' "$name"
	as_test "$@"
	ok=$(grep -c '^ok ' "$work/log") || :
	bad=$(grep -c '^not ok ' "$work/log") || :
	printf '%5d ok %4d not ok %5d s\n' "$ok" "$bad" $((SECONDS - began))
	passed=$((passed + ok))
	failed=$((failed + bad))
	((bad == 0)) || { sed '/^ok /d' "$work/log" && return 1; }
}

# figures: what the last stage measured.
figures() {
	sed -n '/^# /p' "$work/log"
}

# run_stages FUNCTION: in the tree's top, and the closing line.
run_stages() {
	# shellcheck disable=SC2154 # set by the script that sources this
	cd "$here/.." || return
	# Their jobs and variables are those of the make that called this.
	unset MAKEFLAGS MFLAGS MAKELEVEL
	passed=0 failed=0
	work=$(mktemp -d "${TMPDIR:-/tmp}/dither-test.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	"$1"
	[[ ! -d build ]] || hand_back build
	echo "$passed passed, $failed failed"
	((failed == 0))
}

build() {
	make -s -j2 "$@"
}

check() {
	V=1 "$here/check" "$1"/unit/*_test
}

unit_tests() {
	stage 'build: tool, unit tests' build tool unit workloads &&
		stage 'unit tests' check build
}

sanitized_tests() {
	stage 'build: the same, sanitized' \
		build OUT=build/asan SANITIZE=address,undefined tool unit &&
		stage 'unit tests, sanitized' check build/asan &&
		stage 'build: threads, sanitized' \
			build OUT=build/tsan SANITIZE=thread \
			CFLAGS='-O1 -g -Wno-tsan' build/tsan/unit/parallel_test &&
		stage 'threads, sanitized' build/tsan/unit/parallel_test
}

# limits_tests quick|full: text beyond what is taken.
limits_tests() {
	stage "limits of text, $1" tests/limits/run build/dither "$1"
}

# room_tests: what is against the order of folders is found.
room_tests() {
	stage 'order of rooms' tests/rooms/run
}

# text_tests: text by the perf on this machine, and of formats that are not read.
text_tests() {
	stage 'layouts of perf script' tests/layouts/run build/dither \
		build/workloads/readloop || :
	stage 'text of other formats' tests/foreign/run build/dither
}

# proof_tests quick|full: the ring under sanitizers and in a model.
proof_tests() {
	stage "proof of the ring, $1" tests/proof/run "$1"
}

# walk_tests STEPS: the sampler's walks in a model of hostile programs' memory.
walk_tests() {
	stage 'walks in a model of user memory' tests/walks/run "$1"
}

# wrong_walk_tests: samplers made wrong on purpose are found.
wrong_walk_tests() {
	stage 'walks of wrong samplers' tests/walks/wrong
}

can_fuzz() {
	command -v clang >/dev/null &&
		echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
		clang -x c -fsanitize=fuzzer,address,undefined -o "$work/probe" - 2>/dev/null
}

# fuzz_one HARNESS
fuzz_one() {
	local name=${1##*/}
	local dir=$work/$name

	mkdir "$dir"
	if "$1" -max_total_time="${FUZZ_SECONDS:-10}" -rss_limit_mb=1024 \
		-artifact_prefix="$dir/" "$dir" >"$dir.said" 2>&1; then
		echo "ok fuzz: $name found nothing"
	else
		echo "not ok fuzz: $name"
		sed 's/^/#   /' "$dir.said" | tail -n 60
		tail -vn +1 "$dir"/{crash,leak,timeout,oom}-* 2>/dev/null |
			od -A x -t x1z | sed 's/^/#   /' | head -n 200
	fi
}

# As many at once as there are CPUs.
fuzz() {
	local harness cpus
	cpus=$(nproc)
	for harness in build/fuzz/*_fuzz; do
		(($(jobs -pr | wc -l) < cpus)) || wait -n || :
		fuzz_one "$harness" >"$work/${harness##*/}.result" &
	done
	wait
	cat "$work"/*_fuzz.result
}

fuzz_tests() {
	if can_fuzz; then
		stage 'build: fuzz harnesses' build fuzz &&
			stage 'fuzzing' fuzz
	else
		echo 'fuzzing: left out, clang or its sanitizers are not installed'
	fi
}

fetch() {
	local kernel arch
	for kernel; do
		"$here/kernels" get "$kernel"
		arch=${kernel##*-}
		[[ $arch == "$(host_arch)" ]] || "$here/kernels" root "$arch"
	done
}

# tool_dir ARCH: where the tool for this architecture is built.
tool_dir() {
	if [[ $1 == "$(host_arch)" ]]; then
		echo build
	else
		echo "build/$1"
	fi
}

# build_foreign ARCH: the tool and workloads for another architecture.
build_foreign() {
	build OUT="$(tool_dir "$1")" CROSS_COMPILE="$(gnu_triplet "$1")-" \
		SYSROOT="$("$here/kernels" root "$1")" tool workloads
}

# build_module KERNEL [TEST]: for it, and with TEST=… in it.
build_module() {
	"$here/kernels" run "$1" make -s -j2 module \
		MODULE_NAME="$1${2:+-$2}" TEST="${2-}"
}

# in_guest KERNEL MODULE [TEST...]: the guest tests of these names, or all.
in_guest() {
	local kernel=$1 module=$2
	shift 2
	"$here/vm" -k "$kernel" -m "${GUEST_MEMORY:-2G}" -t "$GUEST_LIMIT" -- \
		tests/vm/run "build/dither-$module.ko" "$(tool_dir "${kernel##*-}")" "$@"
}

# in_counted_guest KERNEL MODULE TEST...: the same, where time is the number of
# instructions. GUEST_APPEND: what the kernel is booted with.
in_counted_guest() {
	local kernel=$1 module=$2
	shift 2
	"$here/vm" -i -k "$kernel" -m "${GUEST_MEMORY:-2G}" -t "$GUEST_LIMIT" \
		${GUEST_APPEND:+-a "$GUEST_APPEND"} -- \
		tests/vm/run "build/dither-$module.ko" "$(tool_dir "${kernel##*-}")" "$@"
}

build_visitor() {
	build_test_module "$1" visitor >"$work/visitor"
}

# guest_tests KERNEL [TEST...]
guest_tests() {
	local kernel=$1 arch=${1##*-} DITHER_VISITOR
	shift
	if [[ $arch != "$(host_arch)" ]]; then
		stage "build: tool for $arch" build_foreign "$arch" || return
	fi
	stage "build: module for $kernel" build_module "$kernel" &&
		stage "build: a visitor for $kernel" build_visitor "$kernel" || return
	DITHER_VISITOR=$(dirname "$(realpath "$(awk 'NR == 1 { print $1 }' "$work/visitor")")")
	export DITHER_VISITOR
	stage "guest $kernel${*:+: $*}" in_guest "$kernel" "$kernel" "$@"
}

# nmi_tests KERNEL
nmi_tests() {
	stage "build: module for $1, NMIs" build_module "$1" nmi &&
		stage "guest $1: NMIs" in_guest "$1" "$1-nmi" nmi
}

# selftest_tests KERNEL [TEST...]: those inside the kernel, and these guest tests.
selftest_tests() {
	local kernel=$1
	shift
	stage "build: module for $kernel, selftests" build_module "$kernel" \
		selftest &&
		stage "guest $kernel: selftest${*:+ $*}" in_guest "$kernel" \
			"$kernel-selftest" selftest "$@"
}

build_fakeidle() {
	build_test_module "$1" fakeidle >"$work/fakeidle"
}

# idle_tests KERNEL: how deep idle CPUs sleep.
idle_tests() {
	local GUEST_APPEND=idle=halt
	stage "build: module for $1" build_module "$1" &&
		stage "build: idle states for $1" build_fakeidle "$1" || return
	DITHER_FAKEIDLE=$(realpath "$(<"$work/fakeidle")") \
		stage "guest $1, counted: idle" in_counted_guest "$1" "$1" idle
}

build_idlecost() {
	build_test_module "$1" idlecost >"$work/idlecost"
}

# idle_cost_tests KERNEL: what a session adds to interrupts of an idle CPU.
idle_cost_tests() {
	stage "build: module for $1" build_module "$1" &&
		stage "build: idle interrupts for $1" build_idlecost "$1" || return
	DITHER_IDLECOST=$(realpath "$(<"$work/idlecost")") \
		stage "guest $1, counted: idle interrupts" in_counted_guest \
		"$1" "$1" idlecost
}

# counted_tests KERNEL [TEST...]: what a session adds to mapping code and to
# execs, and other tests where instructions are counted.
counted_tests() {
	local kernel=$1
	shift
	stage "build: module for $kernel" build_module "$kernel" &&
		stage "guest $kernel, counted: mappings${*:+, $*}" \
			in_counted_guest "$kernel" "$kernel" counted "$@"
}

# crowd_cost_tests KERNEL: what sampling a crowd of attackers costs others.
crowd_cost_tests() {
	stage "build: module for $1" build_module "$1" &&
		stage "guest $1, counted: a crowd" in_counted_guest "$1" "$1" \
			crowdcost
}

# in_large_guest KERNEL CPUS
in_large_guest() {
	"$here/vm" -k "$1" -c "$2" -m "${GUEST_MEMORY:-4G}" -t "$GUEST_LIMIT" -- \
		tests/vm/run "build/dither-$1.ko" build scale
}

# scale_tests KERNEL CPUS: many processes, threads, mappings and execs.
scale_tests() {
	stage "build: module for $1" build_module "$1" &&
		stage "guest $1, $2 CPUs: scale" in_large_guest "$1" "$2"
}

# build_verify ARCH: what holds the module's stacks against libdw's.
build_verify() {
	if [[ $1 == "$(host_arch)" ]]; then
		build verify
	else
		build OUT="$(tool_dir "$1")" CROSS_COMPILE="$(gnu_triplet "$1")-" \
			SYSROOT="$("$here/kernels" root "$1")" verify
	fi
}

# copy_tests KERNEL
copy_tests() {
	stage "build: module for $1, copies" build_module "$1" copy &&
		stage "build: verify for ${1##*-}" build_verify "${1##*-}" &&
		stage "guest $1: another unwinder" in_guest "$1" "$1-copy" copy
}

# event_tests KERNEL: those of hardware events on this machine: arm64's has a PMU
# (which counts instructions only where the emulator does, in a guest of one
# CPU), amd64's has none.
event_tests() {
	if [[ $1 == *-amd64 ]]; then
		stage "guest $1: no PMU" in_guest "$1" "$1" nopmu
		return
	fi
	stage "guest $1: events" in_guest "$1" "$1" pmu || :
	ratio_tests "$1"
}

# ratio_tests KERNEL: those that count instructions, which no load can change.
ratio_tests() {
	stage "build: module for $1, stalls" build_module "$1" stall &&
		stage "guest $1, counted: ratios" in_counted_guest "$1" \
			"$1-stall" ratios
}

build_lab_module() {
	build_test_module "$1" irqs_off >"$work/irqs_off"
}

# lab_tests KERNEL: experiments with programs that log their own truth.
lab_tests() {
	stage "build: module for $1" build_module "$1" &&
		stage 'build: interrupts off' build_lab_module "$1" || return
	DITHER_IRQS_OFF=$(realpath "$(<"$work/irqs_off")") \
		stage "guest $1: the lab" in_guest "$1" "$1" lab
}

# paused_tests KERNEL HOW...
paused_tests() {
	local kernel=$1 how
	shift
	stage "build: module for $kernel" build_module "$kernel" || return
	for how; do
		stage "guest $kernel, stopped by $how" tests/vm/pause "$how" \
			"$kernel" "build/dither-$kernel.ko" build
	done
}

# machine_tests KERNEL: machines of other kinds. A CPU is isolated, or added;
# there are no high resolution timers; memory is small.
machine_tests() {
	local kernel=$1 append
	stage "build: module for $kernel" build_module "$kernel" || return
	stage "guest $kernel, a CPU is added" tests/vm/plug "$kernel" \
		"build/dither-$kernel.ko" build || :
	for append in 'isolcpus=1 nohz_full=1' highres=off; do
		stage "guest $kernel, $append" "$here/vm" -k "$kernel" -m 768M \
			-a "$append" -- tests/vm/run "build/dither-$kernel.ko" \
			build limits || :
	done
	figures
}

simulate() {
	if build/dither lab simulate >"$work/simulated"; then
		tail -n 3 "$work/simulated" | sed 's/^/# /'
		echo 'ok simulated experiments agree with theory'
	else
		echo 'not ok simulated experiments agree with theory'
		sed 's/^/#   /' "$work/simulated"
	fi
}

# simulated_tests: the lab's experiments, all of them, a thousand runs each.
simulated_tests() {
	stage 'simulated experiments' simulate
}

measure_latency() {
	"$here/vm" -k "$1" -t "$GUEST_LIMIT" -- \
		tests/bench/latency "build/dither-$1.ko" build | sed 's/^/# /' &&
		echo 'ok latency is measured'
}

# latency_tests KERNEL: what sampling adds to a real-time thread's.
latency_tests() {
	stage "build: module for $1" build_module "$1" &&
		stage "guest $1: latency" measure_latency "$1"
}

show_reach() {
	"$here/reach" | sed 's/^/# /' && echo 'ok nothing is no in the table'
}

reach_tests() {
	stage 'reach' show_reach
}
