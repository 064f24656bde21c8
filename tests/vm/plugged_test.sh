# shellcheck shell=bash
# A CPU that is plugged in while a session is configured: tests/vm/plug, on the
# host, adds it once it has read "# ready". x86 only.

what_is_lost_on_a_CPU_that_was_added_is_counted() {
	local cpu=/sys/devices/system/cpu/cpu1 lost _

	"$dither" record -q -a -F 99 -o x.dither --duration 300 &
	local recorder=$!

	begun || return
	comment ready
	for _ in $(seq 300); do
		[ ! -e $cpu/online ] || break
		sleep .2
	done
	[ -e $cpu/online ] || fail 'no CPU was added' || return
	[ "$(cat $cpu/online)" = 1 ] || echo 1 > $cpu/online || return
	for _ in $(seq 20); do
		taskset -c 1 true || return
	done
	kill -INT "$recorder"
	wait "$recorder" || fail "record ends with $?" || return
	balanced x.dither || return
	lost=$(sed -n 's/.*lost on CPUs that were added later: //p' x.dither.report)
	comment "20 programs on CPU 1: ${lost:-no} records"
	# An exec, an exit, and a mapping or two each.
	[ "${lost:-0}" -ge 40 ] || fail "$(grep -A9 ^Ledger x.dither.report)"
}

the_next_session_samples_it() {
	record x.dither -F 499 -- taskset -c 1 "$workloads/deeptree" 2 &&
		balanced x.dither && folded x.dither --cpu || return
	[ "$(count_where x.dither '/;\[cpu 1\]/')" -gt 5 ] ||
		fail 'no samples of CPU 1'
}

run_tests "${BASH_SOURCE[0]}"
