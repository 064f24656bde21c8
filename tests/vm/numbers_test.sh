# shellcheck shell=bash
# Whose numbers records have: those of the PID namespace of whoever opened the
# session. And a filter of numbers that is full says so.

_in_namespace() {
	unshare --pid --fork "$@"
}

a_recorder_in_a_namespace_has_the_numbers_of_that() {
	local outside inside all

	taskset -c 1 "$workloads/deeptree" 1000 > /dev/null &
	outside=$!
	_in_namespace --mount-proc sh -c "
		$workloads/twofunctions 1000 > /dev/null & echo \$! > inside
		exec $dither record -q -a -F 499 --budget 50 -o x.dither --duration 4
		" 2> log
	local status=$?
	kill $outside
	wait $outside 2> /dev/null
	[ "$status" = 0 ] || fail "record ends with $status: $(cat log)" || return
	promised x.dither && folded x.dither --pid || return
	inside=$(cat inside)
	all=$(count_where x.dither '/;burn_/ && !/_\[k\] [0-9]+$/')
	comment "$all samples of process $inside, which is another number" \
		"elsewhere; $(count_where x.dither '/;\[pid 0\];/') of others"
	[ "$all" -gt 20 ] || fail "$all samples: $(head -n 5 x.dither.folded)" ||
		return
	[ "$(count_where x.dither "/^twofunctions;\\[pid $inside\\];.*burn_/ && !/_\\[k\\] [0-9]+\$/")" = "$all" ] ||
		fail "process $inside: $(grep burn_ x.dither.folded | head -n 3)" ||
		return
	# The one outside has no number, no name and no code here.
	[ "$(count_where x.dither '/^\[unknown\];\[pid 0\];/')" -gt 20 ] ||
		fail "who is outside has no samples" || return
	[ "$(count_where x.dither '/deeptree|;descend/')" = 0 ] ||
		fail "who is outside has a name: $(grep -E 'deeptree' x.dither.folded | head -n 3)"
}

a_flood_outside_is_not_counted_inside() {
	local recorder

	_in_namespace --mount-proc "$dither" record -q -a -F 99 --budget 50 \
		-o x.dither --duration 6 2> log &
	recorder=$!
	begun || fail 'nothing is sampled' || return
	# Several times the records that a process may have in a second.
	"$TOOLS/hostile/hoard" 1 8000 < /dev/null > hoard.out
	wait $recorder || fail "record ends with $?: $(cat log)" || return
	"$dither" report x.dither > report || fail 'no report' || return
	! grep -q 'over their budget' report ||
		fail "counted: $(grep -A 3 'over their budget' report)"
}

a_process_can_be_chosen_by_its_number_in_the_namespace() {
	_in_namespace --mount-proc sh -c "
		$workloads/twofunctions 1000 > /dev/null &
		exec $dither record -q -p \$! -F 499 --budget 50 -o x.dither --duration 3
		" 2> log || fail "record ends with $?: $(cat log)" || return
	promised x.dither && folded x.dither || return
	mostly_named x.dither twofunctions burn_
}

processes_of_another_namespace_are_not_looked_up() {
	local status=0

	_in_namespace "$dither" record -q -a -o x.dither --duration 1 2> log ||
		status=$?
	[ "$status" = 3 ] || fail "exit status $status: $(cat log)" || return
	grep -q 'another PID namespace' log || fail "not said: $(cat log)"
}

children_that_the_filter_has_no_place_for_are_counted() {
	# A small machine has not as many by itself.
	echo 20000 > /proc/sys/kernel/threads-max
	record x.dither -F 99 -- "$TOOLS/hostile/children" 8400 && balanced x.dither ||
		return
	comment "$(cat x.dither.out): $(grep 'filter full' x.dither.report)"
	grep -q 'children, filter full' x.dither.report ||
		fail "not told: $(sed -n '/^Losses/,/^$/p' x.dither.report)"
}

run_tests "${BASH_SOURCE[0]}"
