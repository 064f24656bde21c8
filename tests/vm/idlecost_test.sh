# shellcheck shell=bash
# What a session adds to an interrupt of an idle CPU, for a guest that counts
# instructions (scripts/vm -i), of one CPU. DITHER_IDLECOST: tests/modules/idlecost,
# built for it.

hostile=$TOOLS/hostile
_parameters=/sys/module/idlecost/parameters

# _interrupt KIND: instructions from the timer's handler until the CPU idles, or
# the thread that it wakes runs, the median; into $cost.
_interrupt() {
	# What was put off when the last module, or a session, began is over then.
	sleep 3
	insmod "$DITHER_IDLECOST" kind="$1" || return
	while [ "$(cat $_parameters/count)" -lt 3000 ]; do
		sleep .2
	done
	cost=$(cat $_parameters/usual)
	rmmod idlecost
}

# Probes stay attached for a while after a session: all of this comes before the
# first one.
declare -A before
_measure_before() {
	local kind cost

	for kind in nothing tasklet device both task; do
		_interrupt "$kind" || return
		before[$kind]=$cost
	done
}

# _adds KIND MOST
_adds() {
	local more cost input

	rm -f pipe
	mkfifo pipe
	"$hostile/held" 10000000 < pipe > held.out &
	exec {input}> pipe
	while ! grep -q ready held.out; do
		sleep .1
	done
	_interrupt "$1"
	local status=$?
	exec {input}>&-
	wait
	[ "$status" = 0 ] || return
	comment "$1: ${before[$1]} instructions, $cost with a session at 100 Hz"
	more=$((cost - ${before[$1]:?}))
	[ "$more" -le "$2" ] || fail "$more more"
}

_measure_before

an_interrupt_that_wakes_nobody_takes_at_most_150_instructions_more() {
	_adds nothing 150
}

one_that_puts_work_off_takes_at_most_150_more() {
	_adds tasklet 150
}

one_of_a_device_takes_at_most_150_more() {
	_adds device 150
}

one_of_a_device_that_puts_work_off_takes_at_most_150_more() {
	_adds both 150
}

a_switch_from_idle_to_a_task_takes_at_most_700_more() {
	_adds task 700
}

run_tests "${BASH_SOURCE[0]}"
