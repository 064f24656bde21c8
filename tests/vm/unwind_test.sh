# shellcheck shell=bash
# User stacks by unwind tables: complete where no frame pointer leads, and told
# to be incomplete where no table does.

# shellcheck disable=SC2154 # lib.sh sets $workloads

# Samples of a recording's program: not the recorder before it becomes that,
# nor in exec, on the way out of it, and in exit, where for some time there is
# none. Exec may be known by its caller only, where a probe's stack ends.
own='!/^dither;|do_execveat_common[^;]*_\[k\]|;execve;[^;]*_\[k\]'
own+='|task_work_run_\[k\];report_\[k\]|do_exit_\[k\]/'

# complete FILE WHICH PATTERN: 99.5% of the stacks that match WHICH match PATTERN.
_complete() {
	local all complete

	all=$(count_where "$1" "$own && /$2/")
	complete=$(count_where "$1" "$own && /$2/ && /$3/")
	comment "$complete of $all stacks are complete"
	[ "$all" -gt 100 ] || fail "only $all samples" || return
	[ $((complete * 1000)) -ge $((all * 995)) ] ||
		fail "$complete of $all: $(awk "$own && /$2/ && !/$3/" \
			"$1.folded" | cut -c1-400 | head -n 5)"
}

# Twenty frames below main; not every awk knows {20}.
twenty=main$(printf ';descend%.0s' {1..20})
start='^[^;]*;(_start|_dl_start_user)[; ]'

frames_without_frame_pointers_are_complete_by_tables() {
	record x.dither -F 499 --budget 100 -- \
		"$workloads/frameless_deepspin" 20 200 && balanced x.dither &&
		folded x.dither || return
	awk '$1 == "tables" { found = $2 > 95 } END { exit !found }' \
		x.dither.report ||
		fail "$(grep -A9 'User stacks' x.dither.report)" || return
	_complete x.dither '' "$start" &&
		_complete x.dither ';descend' ";_start;.*;$twenty"
}

and_lack_callers_without_tables() {
	local all

	record x.dither -F 499 --budget 100 --unwind fp -- \
		"$workloads/frameless_deepspin" 20 200 && balanced x.dither &&
		folded x.dither || return
	all=$(count_where x.dither "$own && /descend/")
	[ "$all" -gt 100 ] || fail "only $all samples" || return
	[ "$(count_where x.dither "/$twenty/")" = 0 ] ||
		fail "complete all the same"
	if ! grep -q '^  unwinding by frame pointers$' x.dither.report ||
		grep -q '^  \(tables\|mixed\)  ' x.dither.report; then
		fail "$(grep -A9 'unwind' x.dither.report)"
	fi
}

frame_pointers_alone_still_do_for_what_is_built_with_them() {
	record x.dither -F 499 --budget 100 --unwind fp -- \
		"$workloads/deepspin" 20 200 && folded x.dither || return
	[ "$(count_where x.dither "/$twenty /")" -gt 100 ] ||
		fail "$(cut -c1-150 x.dither.folded | head -n 5)"
}

stacks_of_a_stripped_interpreter_are_complete() {
	# shellcheck disable=SC2016 # perl's
	record x.dither -F 499 --budget 100 -- perl -e '
		sub f { my $n = shift; $n < 2 ? $n : f($n - 1) + f($n - 2) }
		for (1 .. 4) {
			my %h;
			f(17);
			$h{$_ % 1000} .= "x$_" for 1 .. 30000;
			my $s = join ",", map { "$_=$h{$_}" } sort keys %h;
			my $n = () = $s =~ /x(\d+)5/g;
		}' && balanced x.dither && folded x.dither || return
	# Its own _start has no name.
	_complete x.dither '' \
		'^perl;(_start|_dl_start_user|\[perl[+]0x[0-9a-f]+\])(;(_dl_|__libc_start_main)|;[^;]*_\[k\]| )'
}

a_library_loaded_later_gets_its_table_while_it_runs() {
	local all complete ten

	ten=$(printf ';late_work%.0s' {1..10})
	record x.dither -F 499 --budget 100 -- "$workloads/late" \
		"$workloads/late.so" 5 && balanced x.dither && folded x.dither ||
		return
	all=$(count_where x.dither '/late_work/')
	complete=$(count_where x.dither \
		"/^late;_start;.*;main$ten/")
	comment "$complete of $all stacks are complete"
	[ "$all" -gt 200 ] || fail "only $all samples" || return
	[ $((complete * 2)) -gt "$all" ] ||
		fail "$complete of $all: $(cut -c1-150 x.dither.folded | head -n 5)"
}

# Tables are kept by the build-ids of their files.
a_library_is_asked_for_before_it_is_sampled() {
	XDG_CACHE_HOME=$PWD/cache record x.dither -F 1 -- \
		sh -c '"$1" "$2" 0; sleep 3' - "$workloads/late" \
		"$workloads/late.so" || return
	python3 -c '
import os, sys
library = open(sys.argv[1], "rb").read()
sys.exit(not any(bytes.fromhex(name.split("-")[0]) in library
                 for name in os.listdir("cache/dither/tables")))
	' "$workloads/late.so" || fail "no table of it: $(ls cache/dither/tables)"
}

without_a_table_frame_pointers_lead_on() {
	record x.dither -F 499 --budget 100 -- \
		"$workloads/untold_deepspin" 20 200 && balanced x.dither &&
		folded x.dither || return
	_complete x.dither '' "$start" &&
		_complete x.dither ';descend' ";_start;.*;$twenty" || return
	# Nearly all of them, wherever they are said to end.
	grep -Eq '^  (mixed|frame pointers) .* [1-9][0-9]+\.[0-9]+$' x.dither.report ||
		fail "$(grep -A9 'User stacks' x.dither.report)"
}

and_where_there_are_none_the_report_names_the_file() {
	# The C library has them there, and they lead past what has none.
	[ "$(uname -m)" != aarch64 ] || return 0
	record x.dither -F 499 --budget 100 -- \
		"$workloads/untold_frameless_deepspin" 20 400 &&
		balanced x.dither || return
	awk '/^  Those for want of a table/ { inside = 1; next }
		inside && /untold_frameless_deepspin$/ && $1 > 50 { found = 1 }
		END { exit !found }' x.dither.report ||
		fail "$(grep -A12 'User stacks' x.dither.report)"
}

run_tests "${BASH_SOURCE[0]}"
