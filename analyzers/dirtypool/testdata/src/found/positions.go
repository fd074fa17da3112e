package found

import "sync"

// A roster knows where in the list each name is.
type roster struct {
	names []string
	at    map[string]int
}

var rosters = sync.Pool{New: func() any { return &roster{at: make(map[string]int)} }}

func (r *roster) reset() { r.names = r.names[:0] } // want `\(\*roster\).reset leaves field at set`

func (r *roster) add(name string) int {
	if i, ok := r.at[name]; ok {
		return i
	}
	i := len(r.names)
	r.at[name] = i
	r.names = append(r.names, name)
	return i
}

func Number(in []string, use func(string, int)) {
	r := rosters.Get().(*roster)
	for _, name := range in {
		use(name, r.add(name))
	}
	r.reset()
	rosters.Put(r)
}

// A first knows at which of this user's words each letter occurs first.
type first struct {
	order []int
	where map[byte]int
}

var firsts = sync.Pool{New: func() any { return &first{where: make(map[byte]int)} }}

func Firsts(words []string, use func([]int)) {
	f := firsts.Get().(*first)
	for i, w := range words {
		if _, ok := f.where[w[0]]; !ok {
			f.where[w[0]] = i
			f.order = append(f.order, i)
		}
	}
	use(f.order)
	f.order = f.order[:0]
	firsts.Put(f) // want `\*first goes back to firsts with field where still set`
}

// The map itself is pooled.
var offsets = sync.Pool{New: func() any { return make(map[string]int) }}

func Repeats(words []string, use func(word string, first, again int)) {
	at := offsets.Get().(map[string]int) // want `the map\[string\]int from offsets may still hold its previous user's data`
	for i, w := range words {
		if j, ok := at[w]; ok {
			use(w, j, i)
		} else {
			at[w] = i
		}
	}
	offsets.Put(at)
}

// The symbols stay with their numbers: they are a table for all users.
type symbols struct {
	list []string
	ids  map[string]int
	out  []int
}

var symbolTables = sync.Pool{New: func() any { return &symbols{ids: make(map[string]int)} }}

func (s *symbols) id(name string) int {
	i, ok := s.ids[name]
	if !ok {
		i = len(s.list)
		s.ids[name] = i
		s.list = append(s.list, name)
	}
	return i
}

func Encode2(words []string, use func([]int)) {
	s := symbolTables.Get().(*symbols)
	for _, w := range words {
		s.out = append(s.out, s.id(w))
	}
	use(s.out)
	s.out = s.out[:0]
	symbolTables.Put(s)
}

// The columns of a report are the same for all.
var columns = []string{"name", "size", "owner"}

type header struct {
	index map[string]int
	line  []byte
}

var headers = sync.Pool{New: func() any { return &header{index: make(map[string]int)} }}

func Column(name string, use func(int, []byte)) {
	h := headers.Get().(*header)
	if _, ok := h.index[name]; !ok {
		for i, c := range columns {
			h.index[c] = i
		}
	}
	use(h.index[name], h.line)
	h.line = h.line[:0]
	headers.Put(h)
}

// Numbers of words that are computed from them are the same for all as well.
type lengths struct {
	of  map[string]int
	sum int
}

var lengthTables = sync.Pool{New: func() any { return &lengths{of: make(map[string]int)} }}

func Lengths(words []string) int {
	l := lengthTables.Get().(*lengths)
	l.sum = 0
	for _, w := range words {
		n, ok := l.of[w]
		if !ok {
			n = len([]rune(w))
			l.of[w] = n
		}
		l.sum += n
	}
	sum := l.sum
	lengthTables.Put(l)
	return sum
}

// What is known from the start stays, whatever is added.
var grades = map[string]int{"a": 1, "b": 2}

type grader struct {
	rank map[string]int
	seen []string
}

var graders = sync.Pool{New: func() any { return &grader{rank: grades} }}

func Grade(marks []string, use func(int)) {
	g := graders.Get().(*grader)
	for i, m := range marks {
		if _, ok := g.rank[m]; !ok {
			g.rank[m] = i
		}
		use(g.rank[m])
	}
	g.seen = g.seen[:0]
	graders.Put(g)
}
