# shellcheck shell=bash
# An idle CPU sleeps as deeply with a session as without. Needs a kernel booted
# with idle=halt, in a guest that counts instructions (scripts/vm -i), where the
# figures repeat, and the test module of tests/modules/fakeidle, whose path
# is in DITHER_FAKEIDLE.

hostile=$TOOLS/hostile
states=/sys/devices/system/cpu/cpu0/cpuidle

_load_states() {
	[ -d $states ] || insmod "$DITHER_FAKEIDLE" || return
	[ "$(cat $states/../../cpuidle/current_driver)" = fakeidle ] ||
		fail "the driver of idle states is $(cat $states/../../cpuidle/current_driver)"
}

# Sets times: microseconds that CPU 0 has slept in each state, and hundredths of
# a second of its life. No program is begun for it: while its file is waited for,
# the emulator's clock leaps to the next timer.
_read_times() {
	local uptime _ state

	times=()
	for state in 0 1 2; do
		read -r times[state] < $states/state$state/time
	done
	read -r uptime _ < /proc/uptime
	times[3]=${uptime/./}
}

# share FILE: per mille of ten seconds in each state, the deepest last.
_shares() {
	local times before _

	mkfifo "$1.nobody"
	_read_times
	before=("${times[@]}")
	read -r -t 10 _ <> "$1.nobody"
	_read_times
	echo "${before[*]} ${times[*]}" | awk '{ for (i = 1; i <= 3; i++)
		printf "%d ", ($(i + 4) - $i) / 10 / ($8 - $4) }' > "$1"
	comment "$1: per mille in each state: $(cat "$1")"
}

# with_session PERIOD_NS FILE [tables]
_with_session() {
	local session

	mkfifo "$2.pipe"
	"$hostile/held" "$1" ${3:+"$3"} < "$2.pipe" > "$2.held" &
	session=$!
	exec 4> "$2.pipe"
	until grep -q ready "$2.held"; do
		kill -0 $session || fail "$(cat "$2.held")" || return
		sleep .1
	done
	sleep 1
	_shares "$2"
	exec 4>&-
	wait $session || fail "$(cat "$2.held")" || return
	comment "$(sed -n '/^cpu/p' "$2.held")"
}

# as_deep FILE: within 2 points of the deepest state's share without a session.
_as_deep() {
	local share without

	read -r _ _ share < "$1"
	read -r _ _ without < none
	[ $((without - share)) -le 20 ] ||
		fail "the deepest state has $share per mille, without a session $without"
}

without_a_session_an_idle_CPU_sleeps_in_the_deepest_state() {
	local share

	_load_states || return
	sleep 2
	_shares none
	read -r _ _ share < none
	[ "$share" -gt 900 ] || fail "only $share per mille"
}

with_a_session_at_10_ms_it_does_so_too() {
	_with_session 10000000 10ms && _as_deep 10ms
}

with_a_session_at_1_ms_it_does_so_too() {
	_with_session 1000000 1ms && _as_deep 1ms
}

with_a_session_at_100_us_and_unwind_tables_it_does_so_too() {
	_with_session 100000 100us tables && _as_deep 100us
}

after_them_it_does_so_again() {
	_shares after && _as_deep after
}

run_tests "${BASH_SOURCE[0]}"
