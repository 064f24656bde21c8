# shellcheck shell=bash
# The lab's experiments: programs that log their own truth, and whether what
# would be reported of them holds it.
#
# DITHER_IRQS_OFF: the module in tests/modules/irqs_off. DITHER_LAB: "all" for all
# experiments (default: those that a fixed schedule is worst at); of each case
# and policy DITHER_LAB_REPEAT runs (default 2).

repeat=${DITHER_LAB_REPEAT:-2}
experiments='bursts masked evader idle'
[ "${DITHER_LAB-}" != all ] || experiments=

# value KEY: of the JSON's head.
_value() {
	sed -n "1s/.*\"$1\":\([0-9]*\).*/\1/p" lab.json
}

# Few runs do not make a verdict of the tool's own; of those, three in four are
# asked for: of 24 that hold the truth 95 times in 100, six or more miss it once
# in a thousand.
experiments_hold_the_truth() {
	local counts covered runs

	insmod "$DITHER_IRQS_OFF" || fail 'dither_irqs_off does not load' || return
	# shellcheck disable=SC2086 # a list of words
	"$dither" lab run --policies poisson,stratified --repeat "$repeat" \
		--json lab.json $experiments > lab.txt 2> lab.log ||
		fail "it ended with $?: $(cat lab.log lab.txt)" || return
	counts=$(sed -n 's/.*interval of \([0-9]*\) of \([0-9]*\) runs/\1 \2/p' lab.txt)
	read -r covered runs <<< "$counts"
	comment "the lab: the truth is in the intervals of $covered of $runs runs"
	[ "${runs:-0}" -ge $((repeat * 12)) ] ||
		fail "only $runs runs: $(cat lab.txt)" || return
	[ $((covered * 4)) -ge $((runs * 3)) ] || fail "$(cat lab.txt)"
}

every_instant_of_the_lab_is_as_its_seed_promises() {
	local recordings replayed

	recordings=$(_value recordings)
	replayed=$(_value replayed)
	comment "$replayed of $recordings recordings are"
	[ "${recordings:-0}" -ge $((repeat * 12)) ] &&
		[ "$recordings" = "$replayed" ] || fail "$replayed of $recordings"
}

# Of each policy: truth and report of the run of the masked experiment.
time_with_interrupts_off_is_shown_as_such() {
	local shares

	shares=$(sed -n 's/.*"experiment":"masked".*"truth":\([0-9.]*\),"reported":\([0-9.]*\),"least".*/\1 \2/p' lab.json)
	comment "interrupts off, truth and reported: ${shares//$'\n'/, }"
	awk 'BEGIN { bad = 1 } { bad = 0 } $2 < .9 * $1 { worse = 1 }
		END { exit bad || worse }' <<< "$shares" ||
		fail "less than nine tenths: $shares"
}

run_tests "${BASH_SOURCE[0]}"
