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
