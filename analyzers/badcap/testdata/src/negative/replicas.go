package negative

import "errors"

// A Rule says how many copies there are besides the first.
type Rule struct {
	Racks, Hosts int
}

type Node struct{ children []*Node }

// Pick returns a node and the others: those who call it ask for one more than they have others.
func (n *Node) Pick(count int) (first *Node, rest []*Node, err error) {
	if len(n.children) < count {
		return nil, nil, errors.New("too few")
	}
	rest = make([]*Node, 0, count-1)
	for i, c := range n.children {
		if i == 0 {
			first = c
		} else if len(rest) < count-1 {
			rest = append(rest, c)
		}
	}
	return first, rest, nil
}

func Place(root *Node, r Rule) ([]*Node, error) {
	rack, others, err := root.Pick(r.Racks + 1)
	if err != nil {
		return nil, err
	}
	_, more, err := rack.Pick(r.Hosts + 1)
	return append(others, more...), err
}

// Some calls it with what they were told.
func (n *Node) Choose(count int) []*Node {
	rest := make([]*Node, 0, count-1) // want `count - 1 is negative when count < 1, and make panics`
	return append(rest, n.children...)
}

func Chosen(root *Node, n int, r Rule) []*Node {
	return append(root.Choose(n), root.Choose(r.Hosts+1)...)
}
