# shellcheck shell=bash
# What the guest tests share. Sourced by each tests/vm/*_test.sh, which runs
# inside a guest with the module loaded, in a scratch directory of its own.
#
# TOOLS: the folder of dither and workloads/. A test is a function whose name
# says what must hold; it calls fail or returns non-zero when it does not.

dither=$TOOLS/dither
workloads=$TOOLS/workloads
failures=0

# The reason is printed with the test's result.
fail() {
	reason="$*"
	return 1
}

comment() {
	printf '# %s\n' "$*"
}

# run_tests FILE: every function that begins at the start of a line in FILE is
# a test, in that order; its name with spaces for underscores is the sentence.
run_tests() {
	local name

	for name in $(sed -n 's/^\([a-zA-Z][a-zA-Z0-9_]*\)() {$/\1/p' "$1"); do
		reason=
		if "$name"; then
			printf 'ok %s\n' "${name//_/ }"
		else
			printf 'not ok %s: %s\n' "${name//_/ }" \
				"${reason:-a command failed}"
			failures=$((failures + 1))
		fi
	done
	return "$((failures > 0))"
}

# record FILE OPTIONS...: quietly, its status returned; messages to FILE.log.
record() {
	local file=$1

	shift
	"$dither" record -q -o "$file" "$@" > "$file.out" 2> "$file.log" ||
		fail "dither record $* ended with $?: $(cat "$file.log")" ||
		return
	promised "$file"
}

# promised FILE: its samples lie on the instants that its seed promises.
promised() {
	"$dither" lab replay "$1" > "$1.replay" 2>&1 ||
		fail "dither lab replay ended with $?: $(cat "$1.replay")"
}

# begun: wait until a recording in the background samples. What it does before,
# symbols and unwind tables, takes seconds where machines are slow. Old kernels
# do not name the module of a timer's function.
begun() {
	local _

	for _ in $(seq 600); do
		! grep -Eq '\[dither\]|, fire, ' /proc/timer_list || return 0
		sleep .1
	done
	fail 'a recording has not begun after a minute'
}

# report FILE: of the samples, as text in FILE.report.
report() {
	"$dither" report --no-unseen "$1" > "$1.report" 2> "$1.complaints" ||
		fail "dither report: $(cat "$1.complaints")"
}

# The ledger must balance on every CPU and in sum, as report finds it, and
# again by adding up its columns here; and its cells be those of the schedule.
balanced() {
	promised "$1" && report "$1" || return 1
	awk '
	/^Ledger/ { inside = 1; next }
	inside && ($1 ~ /^[0-9]+$/ || $1 == "all") {
		rows++
		if ($2 != $3 + $4 + $5 + $6 + $7 + $8 || $NF != "balanced")
			bad = bad "\n" $0
		next
	}
	inside && NF == 0 { inside = 0 }
	END { if (bad || rows < 2) { print bad; exit 1 } }
	' "$1.report" > "$1.unbalanced" ||
		fail "the ledger does not balance:$(cat "$1.unbalanced")"
}

# ledger FILE COLUMN: of the sum over CPUs; cells kept idle overruns filtered
# offline lost.
ledger() {
	awk -v column="$2" '
	/^Ledger/ { inside = 1; next }
	inside && $1 == "CPU" { for (i = 1; i <= NF; i++) at[$i] = i; next }
	inside && $1 == "all" { print $at[column]; exit }
	' "$1.report"
}

# folded FILE OPTIONS...: the samples, into FILE.folded.
folded() {
	local file=$1

	shift
	"$dither" fold --no-unseen "$@" "$file" > "$file.folded" 2> "$file.complaints" ||
		fail "dither fold: $(cat "$file.complaints")"
}

# mostly_named FILE PROGRAM FUNCTIONS: of the samples of its user mode, of which
# there are enough to say so, two in three or more are in these functions; on a
# slow machine the loader has its share. How many there are in a second is the
# machine's affair.
mostly_named() {
	local all named

	all=$(count_where "$1" "/^$2;/ && !/_\\[k\\] [0-9]+\$/")
	named=$(count_where "$1" "/^$2;(.*;)?$3[^;]* [0-9]+\$/")
	[ "$all" -gt 20 ] && [ $((named * 3)) -ge $((all * 2)) ] ||
		fail "$named of $all samples of $2: $(cut -c1-120 "$1.folded")"
}

# Sum of the counts of those folded lines that match an awk condition.
count_where() {
	awk "$2 { sum += \$NF } END { print sum + 0 }" "$1.folded"
}

# Whatever the kernel keeps for later goes now.
settle() {
	sync
	echo 3 > /proc/sys/vm/drop_caches
	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 > "$cache"
	done 2> /dev/null
}

# What the kernel finds that nobody points to any more.
no_lost_memory() {
	local leaks=/sys/kernel/debug/kmemleak

	[ -w $leaks ] || return 0
	# An object must be found twice, and be some seconds old.
	echo scan > $leaks
	sleep 6
	echo scan > $leaks
	cat "$leaks" > found
	comment "kmemleak: $(grep -c '^unreferenced object' found) objects," \
		"$(grep -c '\[dither\]' found) lines that name dither"
	! grep -q '\[dither\]' found ||
		fail "$(grep -B 30 '\[dither\]' found | head -n 60)"
}

# Of rings, or of tables. Code and data of the module itself are named by the
# loader, not by these.
no_area_left() {
	! grep '\[dither\]' /proc/vmallocinfo > vmalloc ||
		fail "memory is left: $(head -n 3 vmalloc)"
}
