// SPDX-License-Identifier: GPL-2.0
// C++ as unwinders dread it: exceptions thrown through deep templates, standard
// containers, and threads. Usage: templates ROUNDS
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using words = std::vector<std::string>;

static volatile std::size_t sink;

template <int Depth, typename Inner> struct level {
	template <typename Function>
	static std::size_t run(words list, Function function, unsigned seed)
	{
		words copy(list.rbegin(), list.rend());

		copy.push_back("level " + std::to_string(Depth));
		std::sort(copy.begin(), copy.end(),
			  [seed](const auto &a, const auto &b) {
				  return std::hash<std::string>{}(a) + seed <
					 std::hash<std::string>{}(b) + seed;
			  });
		try {
			return level<Depth - 1, level>::run(std::move(copy),
							    function, seed) +
			       1;
		} catch (const std::out_of_range &) {
			if (Depth % 3)
				throw;
			return list.size();
		}
	}
};

template <typename Inner> struct level<0, Inner> {
	template <typename Function>
	static std::size_t run(const words &list, Function function, unsigned seed)
	{
		std::map<std::string, std::size_t> count;

		for (const auto &word : list)
			count[word.substr(0, 4)] += function(word);
		if (seed % 2)
			throw std::out_of_range(count.begin()->first);
		return count.size();
	}
};

static void work(unsigned rounds)
{
	const std::function<std::size_t(const std::string &)> sum =
		[](const std::string &word) {
			return std::accumulate(word.begin(), word.end(),
					       std::size_t{ 0 });
		};

	for (unsigned i = 0; i < rounds; i++)
		sink = sink + level<12, void>::run({ "a", "bc", "def" }, sum, i);
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? std::atoi(argv[1]) : 1000;
	std::thread other(work, rounds / 2);

	work(rounds / 2);
	other.join();
}
