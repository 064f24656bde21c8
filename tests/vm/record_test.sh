# shellcheck shell=bash
# `dither record` as a person meets it: options, the command's output and exit
# status, signals, what is in the file.

the_commands_output_and_exit_status_are_its_own() {
	local status=0

	"$dither" record -q -o x.dither -- sh -c 'echo out; echo err >&2; exit 7' \
		> out 2> err || status=$?
	[ "$status" = 7 ] || fail "exit status $status, not 7" || return
	[ "$(cat out)" = out ] && [ "$(cat err)" = err ] ||
		fail "output: $(cat out err)"
}

a_command_that_is_killed_gives_128_and_its_signal() {
	local status=0

	"$dither" record -q -o x.dither -- sh -c 'kill -9 $$' || status=$?
	[ "$status" = 137 ] || fail "exit status $status, not 137"
}

a_command_that_does_not_exist_gives_127() {
	local status=0

	"$dither" record -q -o x.dither -- /does/not/exist 2> log || status=$?
	[ "$status" = 127 ] || fail "exit status $status, not 127" || return
	grep -q '/does/not/exist: No such file' log || fail "$(cat log)"
}

every_wrong_option_is_refused_and_named() {
	local arguments status

	while read -r arguments; do
		status=0
		# shellcheck disable=SC2086 # they are words
		"$dither" record -o x.dither $arguments 2> log || status=$?
		[ "$status" = 2 ] ||
			fail "record $arguments: exit status $status" || return
		grep -qF -- "${arguments%% *}" log ||
			fail "record $arguments: $(cat log)" || return
	done <<-END
	-F 0
	-F 20001
	-F abc
	-p 0
	-p 1,x
	-p 2147483647
	-C 9-3
	-C x
	--jitter sometimes
	--jitter uniform:2
	--seed -1
	--seed 99999999999999999999
	--budget 101
	--ring-size 100000
	--ring-size 1K
	--depth 256
	--duration never
	--all-user --all-kernel
	--nonsense
	-Z
	-e cycle
	-e cpu/nothing/
	-e r1,r2,r3,r4,r5,r6,r7
	--clock cycles:0
	--clock seconds
	END
}

interrupted_it_ends_cleanly() {
	local signal

	for signal in INT TERM; do
		"$dither" record -q -a -o x.dither --duration 60 &
		begun || return
		kill -$signal $!
		wait $! || fail "SIG$signal: exit status $?" || return
		balanced x.dither || return
		! grep -q 'cut short' x.dither.complaints ||
			fail "SIG$signal: no END" || return
	done
}

the_first_signal_is_the_commands_to_follow() {
	local status=0

	"$dither" record -q -o x.dither -- \
		sh -c 'trap "exit 5" TERM; : > ready; while :; do sleep .1; done' &
	until [ -e ready ]; do sleep .2; done
	kill -TERM $!
	wait $! || status=$?
	[ "$status" = 5 ] || fail "exit status $status, not 5"
}

only_the_processes_of_p_are_sampled() {
	"$workloads/deeptree" 60 &
	local busy=$!
	"$workloads/twofunctions" 60 > /dev/null &
	local wanted=$!
	record x.dither -F 499 --budget 100 -p $wanted --duration 4
	local status=$?
	kill $busy $wanted
	wait $busy $wanted 2> /dev/null
	[ "$status" = 0 ] && balanced x.dither && folded x.dither || return
	[ "$(count_where x.dither '/^twofunctions;/')" -gt 0 ] ||
		fail "twofunctions: $(wc -l < x.dither.folded) lines" || return
	[ "$(count_where x.dither '!/^twofunctions;/')" = 0 ] ||
		fail "others: $(grep -v ^twofunctions x.dither.folded)" || return
	[ "$(ledger x.dither filtered)" -gt 0 ] || fail "nothing was filtered"
}

threads_and_children_belong_to_the_command() {
	record x.dither -F 499 --budget 100 -- \
		sh -c "$workloads/twofunctions 1; $workloads/deeptree 2" &&
		balanced x.dither && folded x.dither || return
	[ "$(count_where x.dither '/^twofunctions;.*burn/')" -gt 5 ] &&
		[ "$(count_where x.dither '/^deeptree;.*branch/')" -gt 5 ] ||
		fail "$(cut -c1-100 x.dither.folded)"
}

without_inheritance_children_are_left_out() {
	record x.dither -i -F 499 -- sh -c "$workloads/twofunctions 1; :" &&
		folded x.dither || return
	[ "$(count_where x.dither '/^twofunctions;/')" = 0 ] ||
		fail "$(cut -c1-100 x.dither.folded)"
}

only_the_cpus_of_C_are_sampled() {
	record x.dither -a -C 1 -F 499 --duration 2 &&
		balanced x.dither && folded x.dither --cpu || return
	[ "$(count_where x.dither '/;\[cpu 0\]/')" = 0 ] ||
		fail "samples of CPU 0"
}

user_only_and_kernel_only_hold() {
	record u.dither --all-user -F 999 -- "$workloads/readloop" 2 &&
		balanced u.dither && folded u.dither || return
	[ "$(count_where u.dither '/_\[k\]/')" = 0 ] ||
		fail "kernel frames with --all-user" || return
	record k.dither --all-kernel -F 999 -- "$workloads/readloop" 2 &&
		balanced k.dither && folded k.dither || return
	[ "$(count_where k.dither '!/_\[k\] [0-9]+$/')" = 0 ] ||
		fail "user samples with --all-kernel: $(grep -v '_\[k\] ' k.dither.folded)"
}

several_sessions_run_at_once() {
	local other

	"$dither" record -q -a -F 199 --budget 100 -o other.dither --duration 60 &
	other=$!
	begun || return
	record x.dither -F 499 --budget 100 --jitter poisson -- \
		"$workloads/twofunctions" 3
	local status=$?
	kill -INT $other
	wait $other || return
	[ "$status" = 0 ] && balanced x.dither && balanced other.dither ||
		return
	folded other.dither && folded x.dither || return
	[ "$(count_where other.dither '/^twofunctions;.*burn/')" -gt 5 ] &&
		[ "$(count_where x.dither '/^twofunctions;.*burn/')" -gt 5 ] ||
		fail "samples: $(ledger other.dither kept) $(ledger x.dither kept)"
}

a_killed_recorder_leaves_a_readable_file() {
	"$dither" record -q -a -F 499 -o x.dither --duration 60 &
	begun || return
	sleep 1
	kill -9 $!
	wait $! 2> /dev/null
	"$dither" fold x.dither > x.folded 2> log ||
		fail "fold ends with $?: $(cat log)" || return
	[ -s x.folded ] || fail "no samples" || return
	grep -q 'cut short' log || fail "not said: $(cat log)" || return
	promised x.dither
}

a_full_disk_leaves_a_readable_file() {
	local status=0

	mkdir disk
	mount -t tmpfs -o size=640k none disk
	"$dither" record -a -F 9973 --budget 100 -o disk/x.dither -- \
		"$workloads/deeptree" 15 > /dev/null 2> log || status=$?
	"$dither" fold disk/x.dither > x.folded 2> fold.log || status=fold
	"$dither" lab replay disk/x.dither > replay.log 2>&1 || status=replay
	umount disk
	[ "$status" = 3 ] || fail "exit status $status: $(cat log fold.log replay.log)" ||
		return
	grep -q 'No space left' log || fail "not said: $(cat log)" || return
	[ -s x.folded ] || fail "no samples"
}

a_replaced_program_is_never_wrongly_named() {
	cp "$workloads/twofunctions" program
	record x.dither -F 499 --budget 100 -- ./program 1 || return
	cp "$workloads/deeptree" program
	folded x.dither || return
	[ "$(count_where x.dither '/\[program\+0x/')" -gt 5 ] ||
		fail "$(cut -c1-120 x.dither.folded)" || return
	[ "$(count_where x.dither '/branch_|burn_/')" = 0 ] ||
		fail "names of another program" || return
	rm program
	folded x.dither || return
	[ "$(count_where x.dither '/\[program\+0x/')" -gt 5 ] ||
		fail "deleted: $(cut -c1-120 x.dither.folded)"
}

the_governor_keeps_the_budget_and_weights_stay_right() {
	record x.dither -a -F 20000 --budget 0.05 -- \
		"$workloads/twofunctions" 6 && balanced x.dither || return
	grep -q 'slower' x.dither.report ||
		fail "no rate change: $(sed -n '/Rate/,$p' x.dither.report)" ||
		return
	folded x.dither || return
	local sum long kept

	kept=$(ledger x.dither kept)
	sum=$(count_where x.dither '/^twofunctions;.*burn_(long|short)/')
	long=$(count_where x.dither '/^twofunctions;.*burn_long/')
	comment "burn_long: $long of $sum cells, in $kept samples"
	# Three quarters, give or take 15% or four deviations, whichever is more:
	# a slow machine is left few samples, and weights make less of them.
	awk -v long="$long" -v sum="$sum" -v kept="$kept" 'BEGIN {
		limit = 4 * sqrt(0.75 * 0.25 / (kept / 4 + 1))
		if (limit < 0.15)
			limit = 0.15
		off = sum ? long / sum - 0.75 : 1
		exit !(off * off < limit * limit)
	}' || fail "burn_long has $long of $sum cells in $kept samples"
}

samples_by_events_are_in_the_closing_line() {
	local told kept

	"$dither" record --clock page-faults:1 --unwind fp -o x.dither -- \
		"$workloads/twofunctions" 1 > /dev/null 2> log ||
		fail "record ends with $?: $(cat log)" || return
	told=$(sed -n 's/^dither: \([0-9]*\) samples,.*/\1/p' log)
	report x.dither || return
	kept=$(sed -n 's/.*by events: [0-9]*, kept \([0-9]*\),.*/\1/p' x.dither.report)
	[ "${told:-0}" -gt 0 ] && [ "$told" = "$kept" ] ||
		fail "'$told' told, '$kept' kept: $(cat log)"
}

run_tests "${BASH_SOURCE[0]}"
