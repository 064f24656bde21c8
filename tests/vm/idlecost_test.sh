# shellcheck shell=bash
# What a session adds to an interrupt of an idle CPU, for a guest that counts
# instructions (scripts/vm -i), of one CPU. DITHER_IDLECOST: tests/modules/idlecost,
# built for it.

hostile=$TOOLS/hostile
_parameters=/sys/module/idlecost/parameters

# _interrupt KIND: instructions from the timer's handler until the CPU idles, or
# the thread that it wakes runs; into $cost.
_interrupt() {
	local count=0

	# What was put off when the last module, or a session, began is over then.
	sleep 3
	insmod "$DITHER_IDLECOST" kind="$1" || return
	while [ "$count" -lt 3000 ]; do
		sleep .2
		count=$(cat $_parameters/count)
	done
	cost=$(($(cat $_parameters/total) / count))
	rmmod idlecost
}

# _adds KIND MOST
_adds() {
	local before cost input

	_interrupt "$1" || return
	before=$cost
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
	comment "$before instructions, $cost with a session at 100 Hz"
	[ $((cost - before)) -le "$2" ] || fail "$((cost - before)) more"
}

an_interrupt_that_wakes_nobody_takes_at_most_150_instructions_more() {
	_adds nothing 150
}

one_that_puts_work_off_takes_at_most_250_more() {
	_adds tasklet 250
}

a_switch_from_idle_to_a_task_takes_at_most_700_more() {
	_adds task 700
}

run_tests "${BASH_SOURCE[0]}"
