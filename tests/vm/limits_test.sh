# shellcheck shell=bash
# What a session takes of the machine: memory, wake-ups, CPUs that are to be
# left alone. Each test looks at what there is, and leaves itself out where the
# guest is not of its kind (isolcpus=1 nohz_full=1; highres=off).

hostile=$TOOLS/hostile

_parameter() {
	cat "/sys/module/dither/parameters/$1"
}

_memory_kb() {
	awk -v name="$1:" '$1 == name { print $2 }' /proc/meminfo
}

# meta FILE KEY: from the recording.
_meta() {
	grep -a -o -m 1 "^$2=.*" "$1" | head -1 | cut -d = -f 2
}

the_limit_of_memory_is_the_machines() {
	local ram_mb cpus most limit

	ram_mb=$(($(_memory_kb MemTotal) / 1024))
	cpus=$(($(tr '-' '\n' < /sys/devices/system/cpu/possible | tail -1) + 1))
	most=$((cpus * 2 > 512 ? cpus * 2 : 512))
	limit=$((ram_mb / 8 < most ? ram_mb / 8 : most))
	comment "$ram_mb MiB, $cpus CPUs: memory_mb $(_parameter memory_mb)"
	# Memory that was freed after the module was loaded is not counted.
	[ "$(_parameter memory_mb)" -le $((limit + 1)) ] &&
		[ "$(_parameter memory_mb)" -ge $((limit * 7 / 8 - 1)) ] ||
		fail "memory_mb is $(_parameter memory_mb), not $limit"
}

a_request_beyond_the_limit_is_refused_with_figures_and_advice() {
	local status=0

	"$dither" record -o x.dither --ring-size 256M -- true 2> log || status=$?
	[ "$status" = 3 ] || fail "exit status $status, not 3: $(cat log)" || return
	comment "$(cat log)"
	grep -q 'rings of 262144 KiB per CPU take .* MiB in all' log &&
		grep -q 'are left' log && grep -q -e '--ring-size' log &&
		grep -q 'memory_mb' log || fail "$(cat log)"
}

# A bystander of most of the memory that is free, which the kernel would rather
# kill than the recorder.
a_request_beyond_the_free_memory_kills_nobody() {
	local status=0 hog free cpus ring=64

	_hog_all_but $(($(_memory_kb MemAvailable) / 4))
	free=$(_memory_kb MemAvailable)
	rmmod dither && insmod "$MODULE" memory_mb=100000 || return
	cpus=$(nproc --all)
	# In kB; each has a table of a quarter.
	while [ $((ring * cpus * 5 / 4)) -lt $((free * 2)) ] && [ $ring -lt 262144 ]; do
		ring=$((ring * 2))
	done
	"$dither" record -C "0-$((cpus - 1))" --ring-size ${ring}K -o x.dither -- true \
		2> log || status=$?
	_hog_lives_and_ends || return
	comment "$free kB free, rings of $ring kB: $(cat log)"
	[ "$status" = 3 ] || fail "exit status $status, not 3: $(cat log)" || return
	grep -q 'has not free' log || fail "$(cat log)"
}

# hog_all_but KIB: another program has the rest; sets $hog. Its memory is more
# than anybody else's, so that it would be the one to be killed.
_hog_all_but() {
	"$workloads/hog" 0 $((($(_memory_kb MemAvailable) - $1) / 1024)) &
	hog=$!
	for _ in $(seq 60); do
		[ "$(_memory_kb MemAvailable)" -gt $(($1 + 2048)) ] || return 0
		sleep .5
	done
}

# Afterwards the module has its own limits again.
_hog_lives_and_ends() {
	kill -0 "$hog" || fail 'the other program was killed' || return
	kill "$hog"
	wait "$hog" 2> /dev/null
	rmmod dither && insmod "$MODULE"
}

# What a board of 32 MB has left of its memory, and what the module makes of it.
a_recording_works_by_default_on_a_board_of_32_MB() {
	local hog status=0

	rmmod dither && insmod "$MODULE" memory_mb=3 || return
	_hog_all_but 17000
	comment "$(_memory_kb MemAvailable) kB available"
	"$dither" record -o x.dither -- "$workloads/twofunctions" 9 > out 2> log ||
		status=$?
	_hog_lives_and_ends || return
	comment "$(tail -1 log)"
	[ "$status" = 0 ] || fail "exit status $status: $(cat log)" || return
	balanced x.dither || return
	comment "rings of $(_meta x.dither ring_bytes) bytes, $(ledger x.dither kept) samples"
	[ "$(ledger x.dither kept)" -gt 50 ] || fail 'too few samples'
}

# Rings included; kernel symbols are the most of it.
the_recorder_takes_little_memory() {
	local recorder peak

	"$dither" record -q -a -o x.dither --ring-size 64K --duration 60 &
	recorder=$!
	begun && sleep 1 || return
	peak=$(awk '/^VmHWM/ { print $2 }' /proc/$recorder/status)
	comment "at most $peak kB, $(wc -l < /proc/kallsyms) symbols;" \
		"then $(awk '/^VmRSS/ { print $2 }' /proc/$recorder/status) kB"
	kill -INT "$recorder"
	wait "$recorder" || return
	# A tool that holds kallsyms as text twice takes three times that.
	[ "$peak" -lt $((4096 + $(grep -c ' [tTwW] ' /proc/kallsyms) / 10)) ] ||
		fail "$peak kB"
}

memory_is_charged_to_the_cgroup_of_who_configures() {
	local root=/sys/fs/cgroup status=0

	[ "$(_parameter memory_mb)" -ge 60 ] || {
		comment 'left out: the limit is lower than that of a useful group'
		return 0
	}
	echo +memory > $root/cgroup.subtree_control 2> /dev/null || {
		comment 'left out: this kernel has no groups with limits of memory'
		return 0
	}
	mkdir -p $root/narrow && echo 24M > $root/narrow/memory.max || return
	(
		echo "$BASHPID" > $root/narrow/cgroup.procs
		exec "$dither" record -C 0 --ring-size 32M -o x.dither -- true
	) 2> log || status=$?
	comment "in 24 MiB: $(cat log)"
	[ "$status" = 3 ] || fail "exit status $status, not 3: $(cat log)" || return
	grep -q 'has not free' log || fail "$(cat log)"
}

# The reader's sleeps, counted by the kernel, against the guest's own clock.
a_busy_machine_wakes_the_reader_twelve_times_a_second() {
	local busy=() cpus recorder before after begun ended wakes ms

	cpus=$(nproc)
	for _ in $(seq "$cpus"); do
		"$workloads/deeptree" 1000 &
		busy+=($!)
	done
	"$dither" record -q -a -F 99 --budget 100 --unwind fp -o x.dither --duration 600 &
	recorder=$!
	begun && sleep 3 || return
	read -r begun _ < /proc/uptime
	before=$(awk '/^voluntary_ctxt_switches/ { print $2 }' /proc/$recorder/status)
	sleep 20
	after=$(awk '/^voluntary_ctxt_switches/ { print $2 }' /proc/$recorder/status)
	read -r ended _ < /proc/uptime
	kill -INT "$recorder"
	wait "$recorder"
	kill "${busy[@]}"
	wait "${busy[@]}" 2> /dev/null
	wakes=$((after - before))
	ms=$(awk -v a="$begun" -v b="$ended" 'BEGIN { printf "%d", (b - a) * 1000 }')
	balanced x.dither || return
	comment "$cpus CPUs: $wakes sleeps in $ms ms, $(ledger x.dither kept) samples"
	[ $((wakes * 1000)) -le $((ms * 12)) ] ||
		fail "$wakes sleeps in $ms ms, more than 12 a second"
}

isolated_CPUs_are_not_sampled_unless_they_are_named() {
	local isolated before after

	isolated=$(cat /sys/devices/system/cpu/isolated)
	[ "$isolated" ] || {
		comment 'left out: no CPU is isolated'
		return 0
	}
	"$dither" record -a -F 499 -o x.dither --duration 2 2> log || return
	balanced x.dither || return
	comment "$(head -1 log)"
	grep -q "isolated CPUs are not sampled .*: $isolated;" log || fail "not said: $(cat log)" || return
	grep -q "CPUs not sampled: $isolated (isolated" x.dither.report ||
		fail "not reported: $(grep -A9 ^Ledger x.dither.report)" || return
	awk -v cpu="$isolated" '/^Ledger/ { inside = 1 }
		inside && $1 == cpu { exit $2 == 0 ? 0 : 1 }' x.dither.report ||
		fail "CPU $isolated has cells" || return
	# LEDGER leaves it alone; patching the kernel's text, at START and STOP,
	# calls all CPUs.
	before=$(awk -v column=$((isolated + 2)) '$1 == "CAL:" { print $column }' /proc/interrupts)
	taskset -c 0 "$hostile/ledgers" 4000 > ledgers.log || fail "$(cat ledgers.log)" || return
	after=$(awk -v column=$((isolated + 2)) '$1 == "CAL:" { print $column }' /proc/interrupts)
	comment "calls on CPU $isolated by START, STOP and 4000 ledgers of each CPU: $((after - before))"
	[ $((after - before)) -lt 1000 ] || fail "$((after - before)) calls" || return
	record y.dither -a -C "$isolated" -F 499 --duration 2 && balanced y.dither || return
	grep -q 'CPUs not sampled: .* (not among those of -C' y.dither.report ||
		fail "not reported: $(grep -A9 ^Ledger y.dither.report)"
}

without_high_resolution_timers_it_is_said() {
	if ! grep -q 'highres=off' /proc/cmdline; then
		record x.dither -a --duration 1 && report x.dither || return
		! grep -q 'instants are ticks' x.dither.report x.dither.log
		return
	fi
	"$dither" record -a -o x.dither --duration 1 2> log || return
	comment "$(head -1 log)"
	dmesg | grep -q 'dither: has: .*; lacks: .*high resolution timers' ||
		fail "not in the kernel's log: $(dmesg | grep dither:)" || return
	grep -q 'instants are ticks' log || fail "not said: $(cat log)" || return
	report x.dither || return
	grep -q 'instants are ticks' x.dither.report || fail 'not reported'
}

run_tests "${BASH_SOURCE[0]}"
