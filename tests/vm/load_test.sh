# shellcheck shell=bash
# Loading, unloading, and what a person is told when something is missing.

without_the_module_record_says_what_to_do() {
	local status=0

	"$dither" record -o x.dither -- true 2> log || status=$?
	[ "$status" = 3 ] || fail "exit status $status, not 3" || return
	grep -q 'modprobe' log || fail "no advice in: $(cat log)"
}

modinfo_documents_every_parameter() {
	local silent

	silent=$(modinfo -F parm "$MODULE" | grep -v ':.*default') || true
	[ -z "$silent" ] || fail "no default is told: $silent"
	[ "$(modinfo -F parm "$MODULE" | wc -l)" -gt 0 ] || fail "no parameters"
}

a_wrong_parameter_is_refused() {
	if insmod "$MODULE" budget_ppm=0 2> /dev/null; then
		rmmod dither
		fail "budget_ppm=0 was accepted"
	fi
}

it_loads_and_unloads_twenty_times() {
	for _ in $(seq 20); do
		insmod "$MODULE" && rmmod dither || return 1
	done
}

without_the_capability_nothing_opens() {
	local status=0

	insmod "$MODULE" || return 1
	chmod 666 /dev/dither
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
		--bounding-set=-all "$dither" record -o /tmp/nobody.dither \
		-- true 2> log || status=$?
	rmmod dither
	[ "$status" = 3 ] || fail "exit status $status, not 3" || return
	grep -q 'permission denied' log || fail "not said in: $(cat log)"
}

unloading_is_refused_while_a_session_is_open() {
	local refused=0

	insmod "$MODULE" || return 1
	"$dither" record -q -a -o x.dither --duration 30 &
	sleep 2
	rmmod dither 2> /dev/null || refused=1
	kill -INT $!
	wait $!
	[ "$refused" = 1 ] || fail "rmmod succeeded" || return
	rmmod dither
}

sessions_beyond_the_limit_are_refused() {
	local status=0

	insmod "$MODULE" max_sessions=1 || return 1
	"$dither" record -q -a -o x.dither --duration 30 &
	sleep 2
	"$dither" record -o y.dither -- true 2> log || status=$?
	kill -INT $!
	wait $!
	rmmod dither
	[ "$status" = 3 ] || fail "exit status $status, not 3" || return
	grep -q 'max_sessions' log || fail "not said in: $(cat log)"
}

run_tests "${BASH_SOURCE[0]}"
