# shellcheck shell=bash
# What unprivileged programs may try with their stacks: the sampler must read
# nothing but user memory.
#
# DITHER_ATTACK_SAMPLES: samples of each attempt (default 4000).

hostile=$TOOLS/hostile
tracing=/sys/kernel/tracing

_watch_kernel_faults() {
	[ -d $tracing/events ] || mount -t tracefs none $tracing || return
	[ -d $tracing/events/exceptions ] || return
	echo 0 > $tracing/tracing_on
	echo > $tracing/trace
	echo 'address >= 0x7fffffffffff' \
		> $tracing/events/exceptions/page_fault_kernel/filter
	echo 1 > $tracing/events/exceptions/page_fault_kernel/enable
	echo 1 > $tracing/tracing_on
}

_unwatch_kernel_faults() {
	echo 0 > $tracing/events/exceptions/page_fault_kernel/enable
	grep 'ip=dither_\|\[dither\]' $tracing/trace > faults
}

# led_to ADDRESS: the sampler must not read there, by a fault or by its trace.
_led_to() {
	local complaints

	complaints=$(dmesg | grep -c 'General protection fault in user access')
	"$hostile/stale" "$1" "${DITHER_ATTACK_SAMPLES:-4000}" > stale.out ||
		fail "$(cat stale.out)" || return
	comment "$1: $(cat stale.out)"
	[ "$(dmesg | grep -c 'General protection fault in user access')" = \
		"$complaints" ] || fail "the sampler has read $1: see the kernel's log"
}

stale_frames_lead_to_no_kernel_address() {
	local address count

	_watch_kernel_faults || {
		comment 'left out: this kernel does not trace page faults'
		return 0
	}
	for address in 0xffff900012345670 0xffffffffff500000; do
		_led_to $address || return
	done
	_unwatch_kernel_faults
	count=$(wc -l < faults)
	[ "$count" = 0 ] ||
		fail "$count page faults of the sampler: $(head -n 1 faults)"
}

stale_frames_lead_to_no_address_that_is_not_canonical() {
	_led_to 0x4141414141414140 && _led_to 0x8000000000000000
}

run_tests "${BASH_SOURCE[0]}"
