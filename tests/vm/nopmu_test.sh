# shellcheck shell=bash
# Where there is no PMU (x86 guests): events are refused in plain words, what
# needs none goes on.

# shellcheck source=pmu_lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pmu_lib.sh"

_refused() {
	local status=0

	"$dither" record -q -a -o y.dither --duration 1 "$@" 2> log || status=$?
	sed 's/^/# /' log
	[ "$status" = 3 ] || fail "$*: exit status $status: $(cat log)" || return
	grep -q 'no PMU' log || fail "$*: $(cat log)" || return
	[ ! -e y.dither ] || fail "$*: there is a file"
}

events_are_refused_with_3_and_the_reason() {
	_refused -e cycles,instructions && _refused -e r3c &&
		_refused --clock cycles:1000000
}

the_module_says_what_it_lacks() {
	dmesg | grep 'dither: has: ' | tail -n 1 |
		grep -q 'lacks: .*hardware events' ||
		fail "$(dmesg | grep 'dither: has: ')"
}

without_those_that_are_missing_it_goes_on() {
	record x.dither -a -F 499 -e cycles,page-faults,instructions \
		--allow-missing --duration 2 || return
	events_balanced x.dither || return
	[ -z "$(event x.dither.report cycles counted)" ] ||
		fail 'cycles were counted'
}

without_any_clock_that_is_left_it_does_not() {
	local status=0

	"$dither" record -q -a -o y.dither --clock cycles --allow-missing \
		--duration 1 2> log || status=$?
	[ "$status" = 3 ] && grep -q 'no event is left' log ||
		fail "exit status $status: $(cat log)"
}

the_clock_is_unaffected() {
	record x.dither -a -F 499 --duration 2 && balanced x.dither || return
	grep -q 'on their recorded instants: all' x.dither.report ||
		fail "$(grep instants x.dither.report)"
}

software_events_count_and_make_samples() {
	record x.dither -a --budget 100 -e page-faults,context-switches \
		--clock time,page-faults:10 -- \
		sh -c 'for i in 1 2 3 4 5 6 7 8; do /bin/true; done' || return
	events_balanced x.dither || return
	[ "$(event x.dither.report page-faults counted)" -gt 100 ] &&
		[ "$(event x.dither.report context-switches counted)" -gt 10 ] ||
		fail "$(sed -n '/^Events/,/^$/p' x.dither.report)" || return
	grep -q 'by events: [1-9]' x.dither.report || fail 'no sample by faults'
}

switches_can_be_counted_but_are_no_clock() {
	local status=0

	"$dither" record -q -a -o y.dither --duration 1 \
		--clock context-switches:10 2> log || status=$?
	[ "$status" = 3 ] && grep -q 'not supported as a clock' log ||
		fail "exit status $status: $(cat log)"
}

run_tests "${BASH_SOURCE[0]}"
