# shellcheck shell=bash
# The account: exact on every CPU at every rate, and nothing lost when it need
# not be.

_load_both_cpus() {
	"$workloads/deeptree" 1000 &
	"$workloads/readloop" 1000 &
}

_unload() {
	kill "$(jobs -p | sed -n 1p)" "$(jobs -p | sed -n 2p)"
	wait 2> /dev/null
}

it_balances_at_99_Hz_1_kHz_and_10_kHz() {
	local rate

	for rate in 99 1000 10000; do
		record x.dither -a -F $rate --budget 100 -- \
			sh -c "$workloads/readloop 2 & $workloads/twofunctions 2" &&
			balanced x.dither || return
		comment "$rate Hz: cells $(ledger x.dither cells)," \
			"kept $(ledger x.dither kept)," \
			"idle $(ledger x.dither idle)," \
			"overruns $(ledger x.dither overruns)," \
			"lost $(ledger x.dither lost)"
	done
}

it_balances_for_every_policy() {
	local policy

	for policy in poisson uniform:0.25 uniform:1 fixed; do
		record x.dither -a -F 1999 --budget 100 --jitter $policy -- \
			"$workloads/twofunctions" 2 && balanced x.dither ||
			return
	done
}

it_balances_when_idle_cpus_are_sampled_too() {
	record x.dither -a --idle -F 499 --duration 2 && balanced x.dither ||
		return
	[ "$(ledger x.dither idle)" = 0 ] || fail "cells skipped for idle"
}

# With the budget as it is by default a slow machine's clock may come to be as
# slow as the kernel's own.
an_idle_cpu_is_left_asleep() {
	local before after

	before=$(awk '/LOC:|arch_timer/ { n = 0
		for (i = 2; i <= 3; i++) n += $i; print n; exit }' /proc/interrupts)
	record x.dither -a -F 10000 --budget 100 --duration 4 &&
		balanced x.dither || return
	after=$(awk '/LOC:|arch_timer/ { n = 0
		for (i = 2; i <= 3; i++) n += $i; print n; exit }' /proc/interrupts)
	comment "$((after - before)) timer interrupts," \
		"$(ledger x.dither idle) cells idle of $(ledger x.dither cells)"
	[ $((after - before)) -lt $(($(ledger x.dither cells) / 2)) ] ||
		fail "$((after - before)) timer interrupts in 4 s of idleness"
}

# A slow machine takes longer until the ring is full.
losses_are_counted_when_nobody_reads() {
	local recorder still

	for still in 5 20 80; do
		"$dither" record -q -a -F 5000 --budget 100 --ring-size 64K \
			-o x.dither --duration 300 -- sleep 1000 &
		recorder=$!
		_load_both_cpus
		begun || return
		kill -STOP $recorder
		sleep $still
		kill -CONT $recorder
		sleep 1
		kill -TERM $recorder
		wait $recorder
		_unload
		balanced x.dither || return
		comment "lost $(ledger x.dither lost) of $(ledger x.dither cells)" \
			"in $still s without a reader"
		[ "$(ledger x.dither lost)" = 0 ] || return 0
	done
	fail "nothing was lost"
}

it_balances_while_the_governor_slows_the_clock() {
	local changes

	_load_both_cpus
	record x.dither -a -F 10000 --budget 0.5 --duration 5
	local status=$?
	_unload
	[ "$status" = 0 ] && balanced x.dither || return
	changes=$(sed -n 's/^Rate: \([0-9]*\) changes.*/\1/p' x.dither.report)
	comment "$changes changes of the rate"
	[ "$changes" -gt 0 ] || fail "the rate did not change"
}

it_balances_while_the_clock_is_set() {
	_load_both_cpus
	"$dither" record -q -a -F 997 --budget 100 -o x.dither --duration 60 &
	local recorder=$! step

	begun || return
	for step in '+1 hour' '-3 hours' '+1 year' '-1 year'; do
		date -s "$step" > /dev/null
		sleep .3
	done
	kill -INT $recorder
	wait $recorder
	_unload
	balanced x.dither || return
	[ "$(ledger x.dither kept)" -gt 100 ] || fail "$(cat x.dither.report)"
	grep -q 'on their recorded instants: all' x.dither.report ||
		fail "$(grep instants x.dither.report)"
}

it_balances_while_a_CPU_goes_and_comes() {
	local i

	[ -w /sys/devices/system/cpu/cpu1/online ] || return 0
	_load_both_cpus
	"$dither" record -q -a -F 997 --budget 100 -o x.dither --duration 60 &
	local recorder=$!
	begun || return
	for i in 1 2 3; do
		echo 0 > /sys/devices/system/cpu/cpu1/online
		sleep .5
		echo 1 > /sys/devices/system/cpu/cpu1/online
		sleep .5
	done
	kill -INT $recorder
	wait $recorder
	_unload
	balanced x.dither || return
	[ "$(ledger x.dither offline)" -gt 0 ] || fail "no cells off line"
}

ten_kHz_on_two_CPUs_for_thirty_seconds_loses_nothing() {
	_load_both_cpus
	record x.dither -a -F 10000 --budget 100 --duration 30
	local status=$?
	_unload
	[ "$status" = 0 ] && balanced x.dither || return
	comment "kept $(ledger x.dither kept)," \
		"overruns $(ledger x.dither overruns)," \
		"lost $(ledger x.dither lost)"
	[ "$(ledger x.dither lost)" = 0 ] ||
		fail "lost $(ledger x.dither lost): $(sed -n '/^Lost/,/^$/p' x.dither.report)"
}

a_sample_of_twenty_frames_takes_at_most_64_bytes() {
	local bytes kept

	"$workloads/deeptree" 1000 &
	"$workloads/deepspin" 20 100000 > /dev/null &
	record x.dither -a -F 1999 --budget 100 -- \
		sh -c 'for i in $(seq 15); do
			cat /proc/[0-9]*/maps /proc/kallsyms
		done > /dev/null 2>&1; true'
	local status=$?
	_unload
	[ "$status" = 0 ] && report x.dither || return
	bytes=$(sed -n 's/.*ring bytes: \([0-9]*\),.*/\1/p' x.dither.report)
	kept=$(ledger x.dither kept)
	comment "$bytes bytes of ring for $kept samples:" \
		"$(awk "BEGIN { printf \"%.1f\", $bytes / $kept }") each"
	[ "$bytes" -le $((kept * 64)) ] || fail "$bytes bytes, $kept samples"
}

run_tests "${BASH_SOURCE[0]}"
