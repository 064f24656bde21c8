# shellcheck shell=bash
# What must hold on every kernel, or be said not to be there when the module
# loads. scripts/reach runs this on each and makes a table of it, from these
# sentences and from remarks that begin with "n/a: ". The budget is lifted since
# an emulator is slower than what it was made for.

it_says_at_load_what_it_has_and_what_it_lacks() {
	dmesg | grep -q 'dither: has: kernel stacks.*; lacks: ' ||
		fail "not in the kernel's log: $(dmesg | tail -n 3)"
}

a_busy_program_is_sampled() {
	record busy.dither --budget 100 -F 499 -- "$workloads/deeptree" 2 &&
		report busy.dither && folded busy.dither || return
	[ "$(ledger busy.dither kept)" -gt 0 ] &&
		[ "$(count_where busy.dither '/^deeptree;.*(main|branch)/')" -gt 0 ] ||
		fail "samples: $(cut -c1-100 busy.dither.folded)"
}

# How much of the time passes in which function is the kernel's affair: what
# counts is that the callers of those at the bottom are there, up to the end.
kernel_stacks_lead_from_the_system_call_to_what_it_does() {
	local all bottom whole ends

	record read.dither --budget 100 -F 499 -- "$workloads/readloop" 2 &&
		report read.dither && folded read.dither || return
	all=$(count_where read.dither '/_\[k\] /')
	bottom=$(count_where read.dither '/;read_(iter_)?zero_\[k\]/')
	whole=$(count_where read.dither \
		'/;(k|__se_)?sys_read_\[k\];(.*;)?vfs_read_\[k\];(.*;)?read_(iter_)?zero_\[k\]/')
	ends=$(awk '/^How stacks/ { on = 1 } on && $1 == "kernel"' read.dither.report)
	comment "of $all kernel samples $bottom are below read_zero, of these $whole below vfs_read;$ends"
	[ $((bottom * 3)) -ge "$all" ] && [ $((whole * 100)) -ge $((bottom * 98)) ] ||
		fail "$(grep '_\[k\] ' read.dither.folded | cut -c1-300 | head)" || return
	awk '{ exit !($4 + 0 >= 98) }' <<< "$ends" || fail "they end:$ends"
}

# The second program works in a function that calls nothing, which compilers for
# x86 leave without a frame: there it takes tables to have its caller.
user_stacks_have_every_frame() {
	local all whole

	if dmesg | grep 'dither: has: ' | tail -n 1 | grep -q 'lacks: .*user stacks'; then
		comment 'n/a: no user stacks'
		return
	fi
	record deep.dither --budget 100 -F 499 -- "$workloads/deepspin" 20 150 &&
		folded deep.dither || return
	all=$(count_where deep.dither '/;descend/')
	whole=$(count_where deep.dither '/;main;descend/ && gsub(/;descend/, "") == 20')
	comment "of $all stacks with descend in them $whole have main and 20"
	[ "$all" -gt 0 ] && [ $((whole * 100)) -ge $((all * 95)) ] ||
		fail "$whole of $all: $(cut -c1-300 deep.dither.folded)" || return

	record leaf.dither --budget 100 -F 499 -- "$workloads/leaf" 150 &&
		folded leaf.dither || return
	all=$(count_where leaf.dither '/;leaf[; ]/')
	whole=$(count_where leaf.dither '/;main;caller;leaf[; ]/')
	comment "of $all stacks with leaf in them $whole have its callers"
	[ "$all" -gt 0 ] && [ $((whole * 100)) -ge $((all * 95)) ] ||
		fail "$whole of $all: $(cut -c1-300 leaf.dither.folded)"
}

the_ledger_balances_on_every_cpu() {
	"$workloads/deeptree" 60 &
	local busy=$!
	record all.dither -a --budget 100 -F 999 --duration 2
	local status=$?

	kill $busy
	wait $busy 2> /dev/null
	[ "$status" = 0 ] && balanced all.dither && balanced busy.dither
}

run_tests "${BASH_SOURCE[0]}"
