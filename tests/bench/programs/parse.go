// SPDX-License-Identifier: GPL-2.0

// Goroutines that hand each other work, maps, reflection, the garbage
// collector. Usage: parse ROUNDS
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
)

type node struct {
	Name     string
	Children []*node
}

func grow(depth, seed int) *node {
	n := &node{Name: "n" + strconv.Itoa(seed)}
	for i := 0; depth > 0 && i < 3; i++ {
		n.Children = append(n.Children, grow(depth-1, seed*3+i))
	}
	return n
}

func count(n *node, names map[string]int) {
	names[strings.ToUpper(n.Name)]++
	for _, c := range n.Children {
		count(c, names)
	}
}

func once(seed int) int {
	var copied node
	text, err := json.Marshal(grow(4, seed))
	if err == nil {
		err = json.Unmarshal(text, &copied)
	}
	if err != nil {
		panic(err)
	}
	names := map[string]int{}
	count(&copied, names)
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	return len(sorted)
}

func main() {
	rounds := 100
	if len(os.Args) > 1 {
		rounds, _ = strconv.Atoi(os.Args[1])
	}
	var wait sync.WaitGroup
	seeds, sums := make(chan int), make(chan int, rounds)
	for worker := 0; worker < 2; worker++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for seed := range seeds {
				sums <- once(seed)
			}
		}()
	}
	for i := 0; i < rounds; i++ {
		seeds <- i
	}
	close(seeds)
	wait.Wait()
	close(sums)
	all := 0
	for sum := range sums {
		all += sum
	}
	fmt.Println(all)
}
