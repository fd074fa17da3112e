package made

import "strings"

// Fields that others can set, of structs that only the function has.

type Lane struct {
	Name  string
	Items []string
	Sizes []int
}

func Lanes(names, items []string) []Lane {
	lanes := make([]Lane, len(names))
	for i, name := range names {
		lanes[i].Name = name
		lanes[i].Items = make([]string, len(items)) // want `Items is made with len\(items\) zero elements, and append adds behind them`
	}
	for i, item := range items {
		if i%2 == 0 {
			lanes[0].Items = append(lanes[0].Items, item)
		} else {
			lanes[1].Items = append(lanes[1].Items, strings.ToUpper(item))
		}
	}
	return lanes
}

func OneLane(items []string) *Lane {
	lane := &Lane{Name: "one"}
	lane.Items = make([]string, len(items)) // want `Items is made with len\(items\) zero elements`
	for _, item := range items {
		lane.Items = append(lane.Items, item)
	}
	return lane
}

func LiteralLane(items []string) Lane {
	lane := Lane{
		Name:  "literal",
		Items: make([]string, len(items)), // want `Items is made with len\(items\) zero elements`
	}
	for _, item := range items {
		lane.Items = append(lane.Items, item)
	}
	return lane
}

// Filled, handed on, of somebody else's, or not as many as that.

func FilledLane(items []string) *Lane {
	lane := &Lane{}
	lane.Items = make([]string, len(items))
	for i, item := range items {
		lane.Items[i] = item
	}
	for _, item := range items {
		lane.Items = append(lane.Items, item)
	}
	return lane
}

func HandedLane(items []string) *Lane {
	lane := &Lane{}
	lane.Items = make([]string, len(items))
	fillLane(lane)
	for _, item := range items {
		lane.Items = append(lane.Items, item)
	}
	return lane
}

func fillLane(lane *Lane) { copy(lane.Items, []string{"x"}) }

func GivenLane(lane *Lane, items []string) {
	lane.Items = make([]string, len(items))
	for _, item := range items {
		lane.Items = append(lane.Items, item)
	}
}

func PaddedLane(items []string, offset int) *Lane { // want PaddedLane:`sizes params\[1\] results\[\]`
	lane := &Lane{}
	lane.Items = make([]string, offset)
	for _, item := range items {
		lane.Items = append(lane.Items, item)
	}
	return lane
}

func CopiedLane(items []string) *Lane {
	lane := &Lane{}
	lane.Items = make([]string, len(items))
	copy(lane.Items, items)
	for _, item := range items {
		lane.Items = append(lane.Items, item)
	}
	return lane
}

// Elements of maps and slices.

func ByDepot(orders map[string][]string) map[string][]string {
	out := make(map[string][]string, len(orders))
	for depot, list := range orders {
		out[depot] = make([]string, len(list)) // want `out\[depot\] is made with len\(list\) zero elements, and append adds behind them`
		for _, o := range list {
			out[depot] = append(out[depot], strings.TrimSpace(o))
		}
	}
	return out
}

func Columns(rows [][]int) [][]int {
	cols := make([][]int, len(rows))
	for i := range rows {
		cols[i] = make([]int, len(rows[i])) // want `cols\[i\] is made with len\(rows\[i\]\) zero elements`
		for _, n := range rows[i] {
			cols[i] = append(cols[i], n+1)
		}
	}
	return cols
}

// Filled, or another one of them, or not as many.

func FilledColumns(rows [][]int, shift int) [][]int { // want FilledColumns:`sizes params\[1\] results\[\]`
	cols := make([][]int, len(rows))
	for i := range rows {
		cols[i] = make([]int, len(rows[i]))
		for j, n := range rows[i] {
			cols[i][j] = n
		}
		cols[i] = make([]int, len(rows[i]))
		for j, n := range rows[i] {
			cols[i][j] = n
			cols[i] = append(cols[i], n)
		}
		cols[i] = make([]int, shift)
		for _, n := range rows[i] {
			cols[i] = append(cols[i], n)
		}
		cols[i] = make([]int, len(rows[i]))
		for j := range rows[i] {
			cols[j] = append(cols[j], j)
		}
		cols[i] = make([]int, len(rows[i]))
		for j := range rows[i] {
			mark(cols, i)
			cols[i] = append(cols[i], j)
		}
	}
	return cols
}

func mark(cols [][]int, i int) { cols[i][0] = 1 }

// What a struct points to may be filled by those who have it, too.

type Sheet struct{ Cells []string }

type sheetWriter struct{ to *Sheet }

func NamedSheet(s *Sheet, names []string) {
	w := sheetWriter{to: s}
	w.to.Cells = make([]string, len(names))
	number(s)
	for _, name := range names {
		w.to.Cells = append(w.to.Cells, name)
	}
}

func FirstSheet(s *Sheet, names []string) {
	all := []*Sheet{s}
	all[0].Cells = make([]string, len(names))
	number(s)
	for _, name := range names {
		all[0].Cells = append(all[0].Cells, name)
	}
}

func number(s *Sheet) {
	for i := range s.Cells {
		s.Cells[i] = string(rune('a' + i))
	}
}
