# shellcheck shell=bash
# Processes that load and unload libraries in one and the same place, fork and
# exec, all in loops, are unwound into the chains of calls that they are known
# to be in, and leave nothing behind.
#
# DITHER_CHAINS_SECONDS in the environment: how long (default 6).

chains_seconds=${DITHER_CHAINS_SECONDS:-6}

# Tables stay for as long as any session is open: one that samples nothing.
tables_stay_while_a_session_is_open() {
	sleep 100000 &
	sleeper=$!
	"$dither" record -q -p $sleeper -o keep.dither 2> keep.log &
	keeper=$!
	record first.dither -F 997 --budget 100 -- "$workloads/twins" 2 ||
		return
	kill -0 $keeper || fail "$(cat keep.log)"
}

# The lines of FILE.folded with a leaf, as "COUNT FRAMES", from main on.
_leaves() {
	sed -n 's/^\(.*\(a\|b\)_leaf\) \([0-9]*\)$/\3 \1/p' "$1.folded" |
		sed 's/ .*;main;/ main;/'
}

every_stack_of_a_leaf_is_the_chain_that_leads_there() {
	local a='call_a;a_outer;a_inner;a_leaf'
	local b='call_b;b_outer;b_middle;b_inner;b_leaf'
	local good short all

	record twins.dither -F 997 --budget 100 --all-user -- \
		"$workloads/twins" "$chains_seconds" || return
	balanced twins.dither || return
	folded twins.dither || return
	_leaves twins.dither > leaves
	good=$(awk -v chain="^main;(in_child;)?($a|$b)\$" \
		'$2 ~ chain { sum += $1 } END { print sum + 0 }' leaves)
	# Those that end early are no less true.
	short=$(awk -v a="$a" -v b="$b" '
		{ frames = $2; sub(/^twins;/, "", frames) }
		substr(";" a, length(";" a) - length(frames)) == ";" frames ||
		substr(";" b, length(";" b) - length(frames)) == ";" frames {
			sum += $1
		}
		END { print sum + 0 }' leaves)
	all=$(awk '{ sum += $1 } END { print sum + 0 }' leaves)
	comment "$all stacks of a leaf, $good with the chain that leads there," \
		"$short with its end"
	[ $((good + short)) -eq "$all" ] || fail "others: $(cat leaves)" ||
		return
	[ $((short * 50)) -le "$all" ] || fail "$short are not whole" || return
	# Few where the guest gets little of its machine.
	[ "$good" -gt $((3 * chains_seconds)) ] || fail "only $good"
}

processes_that_have_exited_leave_no_memory_behind() {
	local before now

	sleep 1
	before=$("$workloads/tablesleft")
	"$workloads/twins" 1
	for _ in $(seq 50); do
		now=$("$workloads/tablesleft")
		[ "$now" = "$before" ] && break
		sleep .1
	done
	comment "tables, bytes, mappings without room: $now"
	[ "$now" = "$before" ] || fail "before: $before; after: $now"
}

tables_go_with_the_last_session() {
	local now

	kill -INT "$keeper" "$sleeper"
	wait "$keeper" 2> /dev/null
	now=$("$workloads/tablesleft")
	[ "$now" = '0 0 0' ] || fail "left are $now" || return
	! grep 'dither_table\|dither_code_map' \
		/proc/vmallocinfo || fail 'memory is left in /proc/vmallocinfo'
}

run_tests "${BASH_SOURCE[0]}"
