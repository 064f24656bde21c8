# shellcheck shell=bash
# The account when the machine itself stands still: tests/vm/pause, on the
# host, stops the guest once it has read "# ready".

it_balances_when_the_machine_stood_still() {
	local before after i

	"$workloads/deeptree" 1000 &
	"$dither" record -q -a -F 997 --budget 100 -o x.dither --duration 300 &
	local recorder=$!

	begun || return
	sleep 1
	before=$(cut -d ' ' -f 1 /proc/uptime)
	comment ready
	# The host says when it has gone on.
	for i in $(seq 300); do
		[ ! -e "$PAUSED/over" ] || break
		sleep .2
	done
	after=$(cut -d ' ' -f 1 /proc/uptime)
	sleep 2
	kill -INT $recorder
	wait $recorder || fail "record failed" || return
	kill %1
	wait 2> /dev/null
	balanced x.dither || return
	comment "from $before s to $after s of the guest's time"
	comment "cells $(ledger x.dither cells), kept $(ledger x.dither kept)," \
		"overruns $(ledger x.dither overruns)"
	[ "$i" -lt 300 ] || fail "the host did not stop the machine" || return
	grep -q 'on their recorded instants: all' x.dither.report ||
		fail "$(grep instants x.dither.report)"
}

run_tests "${BASH_SOURCE[0]}"
