package made

import (
	"maps"
	"slices"
	"sort"
)

type league struct {
	Name  string
	Teams []team
}

type team struct {
	Name   string
	Points int
}

func sortedNames(m map[string]*team) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func firstOf(m map[string]*team, n int) []string { return sortedNames(m)[:n] }

// One for each key of the map, in order.
func table(teams map[string]*team) *league {
	l := &league{Name: "all", Teams: make([]team, len(teams))} // want `Teams is made with len\(teams\) zero elements, and append adds behind them`
	for _, name := range sortedNames(teams) {
		l.Teams = append(l.Teams, *teams[name])
	}
	return l
}

func tableOf(teams map[string]*team) *league {
	l := &league{Teams: make([]team, len(teams))} // want `Teams is made with len\(teams\) zero elements, and append adds behind them`
	for _, name := range slices.Sorted(maps.Keys(teams)) {
		l.Teams = append(l.Teams, *teams[name])
	}
	return l
}

func points(teams map[string]*team) []int {
	list := make([]int, len(teams)) // want `list is made with len\(teams\) zero elements, and append adds behind them`
	for name := range maps.Keys(teams) {
		list = append(list, teams[name].Points)
	}
	return list
}

// Filled by index, with room only, and with somebody else's keys.
func filled(teams map[string]*team) *league {
	l := &league{Teams: make([]team, len(teams))}
	for i, name := range sortedNames(teams) {
		l.Teams[i] = *teams[name]
	}
	return l
}

func roomOnly(teams map[string]*team) *league {
	l := &league{Teams: make([]team, 0, len(teams))}
	for _, name := range sortedNames(teams) {
		l.Teams = append(l.Teams, *teams[name])
	}
	return l
}

func others(teams, more map[string]*team) []int {
	list := make([]int, len(teams))
	for _, name := range sortedNames(more) {
		list = append(list, more[name].Points)
	}
	return list
}

func some(teams map[string]*team) []int {
	list := make([]int, len(teams))
	for _, name := range firstOf(teams, 3) {
		list = append(list, teams[name].Points)
	}
	return list
}
