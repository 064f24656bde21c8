# shellcheck shell=bash
# Writers in NMI context beside the clock and the probes, in one ring. Needs
# the module made with TEST=nmi.
#
# DITHER_NMI_SAMPLES in the environment: how many at least (default 20000).

parameters=/sys/module/dither/parameters

_hard_at_work() {
	while :; do
		/bin/true
		"$workloads/short_a" > /dev/null 2>&1
	done &
	"$workloads/readloop" 1000 &
	"$workloads/deeptree" 1000 &
}

_until_enough() {
	local wanted=${DITHER_NMI_SAMPLES:-20000}

	while [ "$(cat $parameters/nmi_count)" -lt "$wanted" ]; do
		sleep .2
	done
}

samples_in_NMI_context_keep_ledger_and_records_whole() {
	local recorder count nested

	[ -e $parameters/nmi_ns ] || fail "not a module made with TEST=nmi" ||
		return
	_hard_at_work
	"$dither" record -q -a -F 4000 --budget 100 -o x.dither \
		--duration 3000 2> log &
	recorder=$!
	sleep 1
	echo 50000 > $parameters/nmi_ns
	_until_enough
	echo 0 > $parameters/nmi_ns
	kill -INT $recorder
	wait $recorder || fail "record: $(cat log)" || return
	kill $(jobs -p)
	wait 2> /dev/null

	count=$(cat $parameters/nmi_count)
	nested=$(cat $parameters/nmi_nested)
	balanced x.dither || return
	comment "$count samples in NMI context, $nested of them inside a writer"
	comment "$(sed -n '/by events/p' x.dither.report)"
	[ "$nested" -gt $((count / 100)) ] ||
		fail "only $nested of $count met a writer" || return
	grep -q "by events: $count, .* balanced" x.dither.report ||
		fail "$count were taken: $(grep 'by events' x.dither.report)" ||
		return
	! grep -q 'NOT BALANCED\|not whole\|Damage\|not in the file' \
		x.dither.report || fail "$(cat x.dither.report)"
}

run_tests "${BASH_SOURCE[0]}"
