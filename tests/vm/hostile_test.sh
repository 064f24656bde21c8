# shellcheck shell=bash
# What must hold whatever user space does: who may open the device, what a
# session may see, and that no call, however wrong, does harm.
#
# DITHER_STORM: seconds of the storm (default 20); DITHER_SEED: its seed.
# DITHER_LOCKDOWN=1: lock the kernel down in the end; nothing can be loaded
# into it afterwards.

hostile=$TOOLS/hostile
online=/sys/devices/system/cpu/cpu1/online

# storm SECONDS: what it did as comments, what it found as the reason.
_storm() {
	local status=0

	"$hostile/storm" "$1" ${DITHER_SEED:+"$DITHER_SEED"} > storm.out || status=$?
	while IFS= read -r line; do
		comment "$line"
	done < storm.out
	[ "$status" = 0 ] ||
		fail "it ended with $status: $(sed -n 's/^failure: //p' storm.out | head -n 3)"
}

_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# denied COMMAND...: it cannot open the device, for want of a capability.
_denied() {
	if "$@" sh -c ': <> /dev/dither' 2> log; then
		fail "$* opens it"
	else
		grep -q 'Operation not permitted' log || fail "$*: $(cat log)"
	fi
}

_secrets() {
	"$hostile/secrets" "${DITHER_SECRETS:-3}" "$1" > secrets.out || {
		fail "$(cat secrets.out)"
		return
	}
	comment "$(tr '\n' ' ' < secrets.out)"
}

without_the_capability_nothing_opens_whoever_has_the_file() {
	chmod 666 /dev/dither
	_denied _nobody --inh-caps=-all --bounding-set=-all
	local status=$?
	chmod 600 /dev/dither
	[ "$status" = 0 ] || return
	# Root, with all capabilities but those that count.
	_denied setpriv --inh-caps=-perfmon,-sys_admin \
		--bounding-set=-perfmon,-sys_admin
}

a_user_namespaces_root_cannot_open_it() {
	unshare -U true 2> /dev/null || {
		comment 'left out: this kernel has no user namespaces'
		return 0
	}
	_denied unshare -U -r || return
	chmod 666 /dev/dither
	_denied _nobody unshare -U -r
	local status=$?
	chmod 600 /dev/dither
	return "$status"
}

the_one_capability_is_enough() {
	mkdir -m 777 nobody
	chmod 711 .
	chmod 666 /dev/dither
	_nobody --inh-caps=-all,+perfmon --ambient-caps=-all,+perfmon \
		--bounding-set=-all,+perfmon \
		"$dither" record -q -a -F 499 -o nobody/x.dither --duration 2 2> log
	local status=$?
	chmod 600 /dev/dither
	[ "$status" = 0 ] || fail "record ends with $status: $(cat log)" || return
	mv nobody/x.dither x.dither
	balanced x.dither || return
	[ "$(ledger x.dither kept)" -gt 0 ] || fail "nothing was kept"
}

an_open_descriptor_lets_one_without_read_and_stop_and_no_more() {
	"$hostile/handed" > log || fail "$(cat log)"
}

a_session_of_user_mode_sees_no_kernel_address() {
	_secrets user
}

a_session_of_kernel_mode_sees_no_user_code() {
	_secrets kernel
}

a_session_sees_no_byte_that_is_not_of_a_record() {
	_secrets all
}

a_storm_of_calls_finds_every_answer_right() {
	_storm "${DITHER_STORM:-20}"
}

a_storm_while_a_CPU_goes_and_comes_finds_every_answer_right() {
	local other

	[ -w "$online" ] || {
		comment 'left out: no second CPU can be switched off'
		return 0
	}
	while :; do
		echo 0 > "$online"
		sleep .3
		echo 1 > "$online"
		sleep .3
	done &
	other=$!
	_storm $((${DITHER_STORM:-20} / 2))
	local status=$?
	kill "$other"
	wait "$other" 2> /dev/null
	echo 1 > "$online"
	return "$status"
}

# Faults of slabs and of pages, whatever they are asked for; in silence.
_set_faults() {
	local faults=/sys/kernel/debug

	echo N > $faults/failslab/ignore-gfp-wait
	echo 0 > $faults/failslab/verbose
	[ -d $faults/fail_page_alloc ] || return 0
	echo N > $faults/fail_page_alloc/ignore-gfp-wait
	echo N > $faults/fail_page_alloc/ignore-gfp-highmem
	echo 0 > $faults/fail_page_alloc/min-order
	echo 0 > $faults/fail_page_alloc/verbose
}

each_allocation_may_fail() {
	if [ ! -d /sys/kernel/debug/failslab ] || [ ! -e /proc/self/fail-nth ]; then
		comment 'left out: this kernel injects no faults'
		return 0
	fi
	_set_faults
	"$hostile/scarce" > scarce.out || fail "$(cat scarce.out)" || return
	while IFS= read -r line; do
		comment "$line"
	done < scarce.out
}

after_all_this_a_recording_works() {
	record x.dither -a -F 997 --budget 100 -- "$workloads/twofunctions" 2 &&
		balanced x.dither && folded x.dither || return
	mostly_named x.dither twofunctions burn_
}

a_kernel_that_is_locked_down_gives_user_samples_only() {
	local status=0

	[ "${DITHER_LOCKDOWN-}" = 1 ] || {
		comment 'left out: DITHER_LOCKDOWN=1 is not set'
		return 0
	}
	mount -t securityfs none /sys/kernel/security
	mkfifo start
	"$hostile/late" < start > late.out &
	exec 3> start
	until grep -q configured late.out; do
		kill -0 $! || fail "$(cat late.out)" || return
		sleep .1
	done
	echo confidentiality > /sys/kernel/security/lockdown
	exec 3>&-
	wait $!
	grep -q 'START: Operation not permitted' late.out ||
		fail "a session that was configured before starts: $(cat late.out)" ||
		return
	"$dither" record -q -a -o x.dither --duration 1 2> log || status=$?
	[ "$status" = 3 ] || fail "exit status $status: $(cat log)" || return
	grep -q 'locked down' log || fail "not said: $(cat log)" || return
	record x.dither --all-user -F 499 -- "$workloads/twofunctions" 1 &&
		balanced x.dither
}

run_tests "${BASH_SOURCE[0]}"
