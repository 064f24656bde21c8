# shellcheck shell=bash
# The tests that run inside the kernel. Needs the module made with TEST=selftest.

parameter=/sys/module/dither/parameters/selftest

the_modules_own_tests_pass_inside_the_kernel() {
	local passed failed

	[ -w $parameter ] || fail "not a module made with TEST=selftest" || return
	dmesg -C
	echo 1 > $parameter
	dmesg | sed -n 's/^.*dither: \(\(ok\|not ok\) [0-9]* - .*\)$/\1/p' > results
	sed -n 's/^\(ok\|not ok\) [0-9]* - /\1 /p' results
	read -r passed failed < $parameter
	comment "$passed passed, $failed failed"
	[ "$passed" -gt 0 ] && [ "$failed" = 0 ] ||
		fail "$failed of $((passed + failed)) fail"
}

they_pass_again() {
	the_modules_own_tests_pass_inside_the_kernel
}

run_tests "${BASH_SOURCE[0]}"
