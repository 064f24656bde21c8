# shellcheck shell=bash
# Processes that come and go: each sample belongs to the right program.

a_thousand_short_processes_keep_their_names() {
	local all attributed named wrong program

	record x.dither -F 997 --budget 100 -- sh -c "
		for i in \$(seq 250); do
			$workloads/short_a; $workloads/short_b
			$workloads/short_c; $workloads/short_d
		done" && balanced x.dither && folded x.dither || return
	# User samples of the short programs: those whose leaf is no kernel frame.
	all=$(count_where x.dither '/^short_/ && !/_\[k\] [0-9]+$/')
	attributed=$(count_where x.dither \
		'/^short_/ && !/_\[k\] [0-9]+$/ && !/;\[unknown\] [0-9]+$/')
	named=$(count_where x.dither \
		'/^short_/ && !/_\[k\] [0-9]+$/ && !/\] [0-9]+$/')
	wrong=0
	for program in a b c d; do
		wrong=$((wrong + $(count_where x.dither \
			"/^short_$program;/ && /;work_[abcd][; ]/ && !/;work_$program[; ]/")))
	done
	comment "$all user samples: $attributed attributed, $named named, $wrong wrong"
	[ "$all" -gt 200 ] || fail "only $all samples" || return
	[ "$wrong" = 0 ] || fail "$wrong samples name another program" || return
	[ $((attributed * 100)) -ge $((all * 99)) ] ||
		fail "$attributed of $all are attributed" || return
	[ $((named * 100)) -ge $((all * 95)) ] || fail "$named of $all are named"
}

programs_that_ran_before_the_recording_are_named() {
	"$workloads/twofunctions" 1000 > /dev/null &
	local early=$!
	sleep 1
	record x.dither -a --budget 100 -F 499 --duration 3
	local status=$?
	kill $early
	wait $early 2> /dev/null
	[ "$status" = 0 ] && folded x.dither || return
	mostly_named x.dither twofunctions burn_
}

an_exec_in_the_same_process_changes_names_at_once() {
	record x.dither -F 997 --budget 100 -- \
		bash -c "exec $workloads/twofunctions 2" && folded x.dither ||
		return
	mostly_named x.dither twofunctions burn_ || return
	[ "$(count_where x.dither '/^(bash|dither);.*burn_/')" = 0 ] ||
		fail "functions of the new program below the old name"
}

stacks_of_a_32_bit_program_are_whole() {
	local whole all

	[ -x "$workloads/compat" ] || return 0
	record x.dither -F 499 --budget 100 -- "$workloads/compat" && folded x.dither ||
		return
	all=$(count_where x.dither '/^compat;/ && !/_\[k\] [0-9]+$/')
	# gsub() counts: not every awk knows intervals in expressions.
	whole=$(count_where x.dither \
		'/^compat;_start;compat_main;(compat_work;)*compat_work [0-9]+$/ &&
		gsub(/compat_work/, "&") == 10')
	comment "$whole of $all user samples of a 32 bit program are whole"
	[ "$all" -gt 20 ] || fail "only $all samples" || return
	[ $((whole * 100)) -ge $((all * 95)) ] ||
		fail "$whole of $all: $(cut -c1-150 x.dither.folded)"
}

a_flood_of_short_threads_and_forks_leaves_the_ledger_balanced() {
	record x.dither -a -F 4999 --budget 100 -- sh -c '
		for i in $(seq 60); do
			(for j in 1 2 3 4 5; do : & done; wait) &
		done; wait' && balanced x.dither
}

run_tests "${BASH_SOURCE[0]}"
