# shellcheck shell=bash
# Many of everything: names stay right and ledgers balanced, and it is printed
# what that costs, beside perf where it is installed.
#
# DITHER_SCALE: processes, mappings of one process, threads and execs at most
# (default 1000 2000 2000 300); no more threads than memory allows.

read -r processes mappings threads execs <<< "${DITHER_SCALE:-1000 2000 2000 300}"
JOBS=64

# A kernel stack and what belongs to it take some 25 KiB.
_bound_threads() {
	local most

	most=$(awk '/^MemAvailable/ { print int($2 / 25) }' /proc/meminfo)
	[ "$threads" -le "$most" ] || threads=$most
	echo 4194304 > /proc/sys/kernel/pid_max
	echo 200000 > /proc/sys/kernel/threads-max
	echo 200000 > /proc/sys/vm/max_map_count
	ulimit -u unlimited
}

# among KIND COUNT OPTIONS...: a recording of all while so many are there; the
# program that made them must have its name, and its function.
_among() {
	local kind=$1 count=$2 maker made

	shift 2
	mkfifo "$kind.pipe"
	"$workloads/many" "$kind" "$count" < "$kind.pipe" > "$kind.made" &
	maker=$!
	exec 4> "$kind.pipe"
	until grep -q ready "$kind.made"; do
		kill -0 $maker || fail "$(cat "$kind.made")" || return
		sleep .2
	done
	made=$(sed -n 's/^ready //p' "$kind.made")
	record "$kind.dither" -a -F 499 --budget 100 --duration 5 "$@" 4>&- ||
		return
	exec 4>&-
	wait $maker
	balanced "$kind.dither" && folded "$kind.dither" || return
	comment "$made of $count $kind; $(ledger "$kind.dither" kept) of" \
		"$(ledger "$kind.dither" cells) cells kept," \
		"$(ledger "$kind.dither" lost) lost," \
		"$(stat -c %s "$kind.dither") bytes"
	[ "$made" -ge $((count * 9 / 10)) ] || fail "only $made $kind" || return
	mostly_named "$kind.dither" many burn_among_many || return
	rm -f "$kind.dither"
}

among_many_processes_names_are_right_and_the_ledger_balances() {
	_bound_threads
	_among processes "$processes"
}

among_many_mappings_of_a_process_they_are_so_too() {
	_among mappings "$mappings"
}

among_many_threads_they_are_so_too() {
	_among threads "$threads"
}

_seconds() {
	"$workloads/many" execs "$execs" $JOBS
}

a_storm_of_execs_is_recorded_whole() {
	local without with perf=

	# The first finds nothing in caches.
	_seconds > /dev/null
	without=$(_seconds)
	record x.dither -a -F 499 -- "$workloads/many" execs "$execs" $JOBS ||
		return
	with=$(cat x.dither.out)
	balanced x.dither && folded x.dither || return
	if [ -x "$(command -v perf)" ]; then
		perf record -q -a -g -F 499 -o perf.data -- \
			"$workloads/many" execs "$execs" $JOBS > perf.out 2> log
		perf="$(cat perf.out) s with perf"
	fi
	comment "$execs execs, $JOBS at a time: $without s, $with s with dither," \
		"${perf:-no perf here}, $(_seconds) s again without"
	comment "$(ledger x.dither kept) of $(ledger x.dither cells) cells kept," \
		"$(ledger x.dither lost) lost"
	[ "$(count_where x.dither '/^true;/')" -gt 0 ] ||
		fail "no sample has the name of what was executed: $(
			cut -c1-80 x.dither.folded | head -n 5)"
}

run_tests "${BASH_SOURCE[0]}"
