# shellcheck shell=bash
# Hardware events where there is a PMU (arm64): what is counted is what perf
# counts, and events make samples without harm.

# shellcheck source=pmu_lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pmu_lib.sh"

# spin: a process that computes and does nothing else.
_spin() {
	while :; do :; done &
}

_end_spins() {
	kill $(jobs -p)
	wait 2> /dev/null
}

# Emulated interrupts are slow, for which the kernel would throttle all events.
# _limits PERCENT RATE: of time, 0 for none, and of samples a second.
_limits() {
	echo 25 > /proc/sys/kernel/perf_cpu_time_max_percent
	echo "$2" > /proc/sys/kernel/perf_event_max_sample_rate
	echo "$1" > /proc/sys/kernel/perf_cpu_time_max_percent
}

counts_agree_with_perf_on_a_busy_machine() {
	local status=0 cpu

	for cpu in $(seq "$(nproc)"); do _spin; done
	counts_agree 10 cycles,r11 || status=1
	_end_spins
	((!status)) || return
	all_attributed cycles r11
}

counts_agree_with_perf_on_a_mostly_idle_machine() {
	counts_agree 10 cycles,r11 || return
	[ "$(event x.dither.report cycles asleep)" -gt 0 ] ||
		fail "no cycle passed in sleep"
}

all_counts_of_a_mostly_idle_machine_go_with_samples_if_idle_is_sampled() {
	counts_agree 10 cycles,r11 --idle && all_attributed cycles r11
}

counts_agree_with_perf_on_one_CPU() {
	[ "$(nproc)" -gt 1 ] || return 0
	echo 0 > /sys/devices/system/cpu/cpu1/online
	counts_agree 10 cycles,r11
	local status=$?
	echo 1 > /sys/devices/system/cpu/cpu1/online
	return $status
}

# _overflows PERIOD: cycles make samples, a billion of them a second.
_overflows() {
	_spin
	record x.dither -a --budget 100 --unwind fp --clock "cycles:$1" \
		--duration 4 || { _end_spins; return 1; }
	_end_spins
	events_balanced x.dither || return
	comment "cycles:$1: $(sed -n '/by events/p' x.dither.report)$(grep -c THROTTLED x.dither.report) throttled"
	grep -q 'by events: [1-9]' x.dither.report || fail 'no sample'
}

overflow_sampling_from_100_Hz_to_10_kHz_balances() {
	local period

	# A tick that comes late, as here, has many samples before it.
	_limits 0 1000000
	for period in 10000000 1000000 100000; do
		_overflows $period || return
	done
	_limits 0 100000
	! grep -q THROTTLED x.dither.report ||
		fail "$(grep THROTTLED x.dither.report)"
}

an_overflow_storm_neither_locks_up_nor_unbalances() {
	_limits 25 100000
	_overflows 300
	local status=$?
	_limits 0 100000
	return $status
}

a_frequency_is_met_by_changing_the_period() {
	local kept

	_spin
	record x.dither -a -C 0 -F 500 --budget 100 --unwind fp --clock cycles \
		--duration 6
	_end_spins
	events_balanced x.dither || return
	kept=$(sed -n 's/.*by events: .* kept \([0-9]*\),.*/\1/p' x.dither.report)
	comment "$kept samples in 6 s at 500 Hz"
	[ "$kept" -gt 2000 ] && [ "$kept" -lt 4000 ] || fail "$kept samples"
}

throttling_by_the_kernel_is_noticed_and_told() {
	_limits 0 1000
	_overflows 20000
	local status=$?
	_limits 0 100000
	((!status)) || return
	grep 'THROTTLED' x.dither.report | sed 's/^/# /'
	grep -q 'cycles: THROTTLED' x.dither.report || fail "not a word of it"
}

clock_and_event_samples_live_in_one_session() {
	_spin
	record x.dither -a -F 499 --budget 100 --unwind fp -e r11 \
		--clock time,cycles:2000000 --duration 4
	_end_spins
	events_balanced x.dither || return
	folded x.dither --event all || return
	[ "$(count_where x.dither '/^\[time\];/')" -gt 100 ] &&
		[ "$(count_where x.dither '/^\[cycles\];/')" -gt 100 ] ||
		fail "$(cut -d ';' -f 1 x.dither.folded | sort | uniq -c)" ||
		return
	folded x.dither && ! grep -q '^\[' x.dither.folded ||
		fail "samples of events stand among those of time"
}

a_CPU_that_goes_and_comes_back_is_counted_again() {
	[ "$(nproc)" -gt 1 ] || return 0
	_spin
	_spin
	record x.dither -a -F 499 --budget 100 --unwind fp -e cycles,r11 \
		--clock time,cycles:3000000 --duration 8 &
	sleep 3
	echo 0 > /sys/devices/system/cpu/cpu1/online
	sleep 1
	echo 1 > /sys/devices/system/cpu/cpu1/online
	wait $! || { _end_spins; return 1; }
	_end_spins
	events_balanced x.dither || return
	awk '/^Ledger/ { inside = 1 } inside && $1 == 1 && $3 > 0 { found = 1 }
		END { exit !found }' x.dither.report ||
		fail "CPU 1 has no samples: $(cat x.dither.report)"
}

what_the_PMU_lacks_is_refused_with_3_and_may_be_left_out() {
	local status=0

	"$dither" record -q -a -o y.dither -e cycles,cache-misses --duration 1 \
		2> log || status=$?
	[ "$status" = 3 ] || fail "exit status $status: $(cat log)" || return
	grep -q "event 'cache-misses': not supported" log ||
		fail "$(cat log)" || return
	! grep -q "event 'cycles'" log || fail "$(cat log)" || return
	[ ! -e y.dither ] || fail 'there is a file' || return
	record y.dither -a -e cycles,cache-misses --allow-missing --duration 2 ||
		return
	events_balanced y.dither || return
	[ "$(event y.dither.report cycles counted)" -gt 0 ]
}

counters_that_are_taken_are_refused_with_3() {
	local status=0 recorder

	"$dither" record -q -a -o y.dither --duration 60 \
		-e r11,r11:u,r11:k,r0,r0:u,r0:k &
	recorder=$!
	sleep 4
	"$dither" record -q -a -o z.dither -e r11,r11:u,r0 --duration 1 \
		2> log || status=$?
	kill -INT $recorder
	wait $recorder || fail "the first recorder failed" || return
	[ "$status" = 3 ] || fail "exit status $status: $(cat log)" || return
	sed 's/^/# /' log
	grep -q 'no counter is free' log || fail "$(cat log)"
}

software_events_stand_in_by_name() {
	record x.dither -a --budget 100 --unwind fp \
		-e page-faults,context-switches,cpu-migrations \
		--clock time,page-faults:10 -- \
		sh -c 'for i in 1 2 3 4 5 6 7 8; do /bin/true; done' || return
	events_balanced x.dither || return
	[ "$(event x.dither.report page-faults counted)" -gt 100 ] &&
		[ "$(event x.dither.report context-switches counted)" -gt 10 ] ||
		fail "$(sed -n '/^Events/,/^$/p' x.dither.report)"
}

run_tests "${BASH_SOURCE[0]}"
