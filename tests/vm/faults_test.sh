# shellcheck shell=bash
# Page faults as the clock: the handler runs in task context, and must not wait
# for user memory there. Only kernels without a count of preemption can fail
# these (PREEMPT_NONE or VOLUNTARY without PREEMPT_DYNAMIC, as Debian's 5.10);
# elsewhere they hold for another reason.

hostile=$TOOLS/hostile

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# by_faults FILE COMMAND...: each of its page faults makes a sample.
_by_faults() {
	local file=$1

	shift
	record "$file" --clock page-faults:1 --unwind fp --budget 100 -- "$@" &&
		report "$file" || return
	comment "$(sed -n '/by events/p' "$file.report")"
	grep -q 'by events: .* kept [1-9]' "$file.report" ||
		fail "no event was sampled: $(cat "$file.report")"
}

_allow_userfaultfd() {
	local setting=/proc/sys/vm/unprivileged_userfaultfd

	[ ! -w $setting ] || echo 1 > $setting
	"${nobody[@]}" "$hostile/faults" served 0 < /dev/null > allowed 2>&1 &&
		grep -q '^asked 0 times' allowed
}

# until FILE TEXT [SECONDS]: it says so.
_until() {
	local _

	for _ in $(seq $((${3:-60} * 10))); do
		! grep -q "$2" "$1" || return 0
		sleep .1
	done
	return 1
}

# Events have no timer: it has its device open, and samples soon after.
_begun_by_events() {
	local _

	for _ in $(seq 600); do
		if find /proc/[0-9]*/fd -lname /dev/dither 2> /dev/null | grep -q .; then
			sleep 3
			return 0
		fi
		sleep .1
	done
	fail 'a recording has not begun after a minute'
}

a_page_that_nobody_touches_stays_absent() {
	_by_faults x.dither "$hostile/faults" absent 50 || return
	grep -q '^0 of 50 are there' x.dither.out || fail "$(cat x.dither.out)"
}

a_page_that_user_space_brings_in_is_not_asked_for() {
	_allow_userfaultfd || {
		comment "left out: no userfaultfd: $(head -n 1 allowed)"
		return 0
	}
	_by_faults x.dither "${nobody[@]}" "$hostile/faults" served 1 < /dev/null ||
		return
	grep -q '^asked 0 times' x.dither.out || fail "$(cat x.dither.out)"
}

the_module_goes_though_a_program_holds_its_pages_back() {
	local program recorder

	_allow_userfaultfd || {
		comment "left out: no userfaultfd: $(head -n 1 allowed)"
		return 0
	}
	mkfifo go
	"${nobody[@]}" "$hostile/faults" served 10 < go > served.out 2>&1 &
	program=$!
	exec 4> go
	"$dither" record -q --clock page-faults:1 --unwind fp --budget 100 \
		-o x.dither -p $program 2> log 4>&- &
	recorder=$!
	_begun_by_events || return
	exec 4>&-
	# It holds the sampler, or there is nothing to hold.
	_until served.out '^asked' || fail 'the program neither holds nor ends' ||
		return
	kill -9 $recorder
	wait $recorder
	rmmod dither || fail "rmmod: $(dmesg | tail -n 3)" || return
	wait $program
	insmod "$MODULE" || return
	grep -q '^asked 0 times' served.out || fail "$(cat served.out)"
}

a_thread_that_maps_and_one_that_faults_both_go_on() {
	local program

	mkfifo go2
	"$hostile/faults" mapping 20000 < go2 > mapping.out 2>&1 &
	program=$!
	exec 5> go2
	"$dither" record -q --clock minor-faults:1 --unwind fp --budget 100 \
		-o y.dither -p $program 2> log 5>&- &
	_begun_by_events || return
	exec 5>&-
	_until mapping.out '^done' 120 || fail "both threads stand still: $(
		grep -h State "/proc/$program/task"/*/status)" || return
	wait $program && wait || return
	report y.dither || return
	comment "$(sed -n '/by events/p' y.dither.report)"
	grep -q 'by events: .* kept [1-9]' y.dither.report ||
		fail "no event was sampled: $(cat y.dither.report)"
}

run_tests "${BASH_SOURCE[0]}"
