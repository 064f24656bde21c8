// SPDX-License-Identifier: GPL-2.0
/*
 * C++ as programs have it: templates that call each other 60 deep, exceptions
 * thrown at the bottom and caught on several levels, destructors that run
 * meanwhile, callbacks from inside the library.
 *
 * usage: templates SECONDS
 */
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#define NOINLINE __attribute__((noinline))

static volatile unsigned long sink;

struct guard {
	std::string name;

	explicit guard(int level) : name(std::to_string(level) + " levels down")
	{
	}
	NOINLINE ~guard()
	{
		sink = sink + std::hash<std::string>()(name);
	}
};

struct failure : std::runtime_error {
	int level;

	explicit failure(int at) : std::runtime_error("thrown"), level(at)
	{
	}
};

template <int N> struct tower {
	template <typename F>
	static NOINLINE unsigned long climb(unsigned long value, F &&callback)
	{
		guard held(N);

		if constexpr (N % 15 == 0) {
			try {
				return tower<N - 1>::climb(value + N, callback);
			} catch (const failure &caught) {
				if (caught.level < N % 45 + 10)
					throw;
				return value + caught.level;
			}
		}
		return tower<N - 1>::climb(value ^ N, callback) + 1;
	}
};

template <> struct tower<0> {
	template <typename F>
	static NOINLINE unsigned long climb(unsigned long value, F &&callback)
	{
		return callback(value);
	}
};

static NOINLINE unsigned long sort_words(unsigned long seed)
{
	std::vector<std::string> words;
	std::map<std::string, unsigned long> counts;

	for (int i = 0; i < 300; i++) {
		seed = seed * 6364136223846793005UL + 1442695040888963407UL;
		words.push_back(std::to_string(seed % 1000));
	}
	std::sort(words.begin(), words.end(),
		  [](const std::string &a, const std::string &b) {
			  return a.size() == b.size() ? a < b :
							a.size() < b.size();
		  });
	for (const auto &word : words)
		counts[word]++;
	return counts.size();
}

int main(int argc, char **argv)
{
	auto until = std::chrono::steady_clock::now() +
		     std::chrono::duration<double>(argc > 1 ? atof(argv[1]) : 1);
	std::function<unsigned long(unsigned long)> callback =
		[](unsigned long value) {
			if (value % 3 == 0)
				throw failure(static_cast<int>(value % 60));
			return sort_words(value);
		};
	unsigned long caught = 0;

	for (unsigned long i = 0; std::chrono::steady_clock::now() < until; i++) {
		try {
			sink = sink + tower<60>::climb(i, callback);
		} catch (const std::exception &) {
			caught++;
		}
	}
	printf("%lu caught\n", caught);
	return 0;
}
