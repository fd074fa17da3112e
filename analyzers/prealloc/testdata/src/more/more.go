// Package more has slices that more than one statement fills, that begin with
// something, and whose number is known in other ways than by a length.
package more

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"unicode/utf8"
)

type song struct {
	title  string
	length int
	tracks []track
	credit [4]string
}

type track struct {
	name  string
	notes []string
}

type album struct {
	mu    sync.Mutex
	songs []song
	extra []song
}

var errNone = errors.New("none")

// Often calls what is reported only where it is called often: the advice takes more
// than to write down a number.
func Often(albums []*album, load func() map[string]song, sh shelf) {
	for _, a := range albums {
		Headed(a.songs)
		First(a.songs, "first")
		a.Titles()
		Indexed(load)
		Shelf(sh)
		Notes(a.songs)
		Deep(a.songs)
	}
}

// Statements after the loop that add to the slice, too.

func Both(a, b []song) []string {
	var titles []string // want `titles grows by append to len\(a\)\+len\(b\) elements of 16 bytes, .* reserve len\(a\)\+len\(b\) before the loop`
	for _, s := range a {
		titles = append(titles, s.title)
	}
	for _, s := range b {
		titles = append(titles, "bonus "+s.title)
	}
	return titles
}

func (a *album) List() []*song {
	var list []*song // want `reserve len\(a.songs\)\+len\(a.extra\) before`
	for i := range a.songs {
		list = append(list, &a.songs[i])
	}
	for i := range a.extra {
		list = append(list, &a.extra[i])
	}
	return list
}

func Total(a []song) []string {
	lines := []string{} // want `reserve len\(a\)\+1 before`
	for _, s := range a {
		lines = append(lines, s.title)
	}
	lines = append(lines, "end")
	return lines
}

func Ended[T any](a []T, last T) []T {
	var out []T // want `reserve len\(a\)\+1 before`
	for _, v := range a {
		out = append(out, v)
	}
	return append(out, last)
}

func Joined(a []song, rest []string) ([]string, error) {
	var titles []string // want `reserve len\(a\)\+len\(rest\) before`
	for _, s := range a {
		titles = append(titles, s.title)
	}
	if len(titles) == 0 {
		return nil, errNone
	}
	titles = append(titles, rest...)
	return titles, nil
}

// Silent: how many there will be is not known before.

func Perhaps(a []song, bonus bool) []string {
	var titles []string
	for _, s := range a {
		titles = append(titles, s.title)
	}
	if bonus {
		titles = append(titles, "bonus")
	}
	return titles
}

func Late(a []song, load func() []song) []string {
	var titles []string
	for _, s := range a {
		titles = append(titles, s.title)
	}
	more := load()
	for _, s := range more {
		titles = append(titles, s.title)
	}
	return titles
}

func Grew(a, b []song) []string {
	var titles []string
	for _, s := range a {
		titles = append(titles, s.title)
		b = append(b, s)
	}
	for _, s := range b {
		titles = append(titles, s.title)
	}
	return titles
}

func Left(a, b []song) []string {
	var titles []string
	for _, s := range a {
		titles = append(titles, s.title)
	}
	if len(titles) > 3 {
		return titles
	}
	for _, s := range b {
		titles = append(titles, s.title)
	}
	return titles
}

func Filtered(a, b []song) []string {
	var titles []string
	for _, s := range a {
		titles = append(titles, s.title)
	}
	for _, s := range b {
		if s.length > 0 {
			titles = append(titles, s.title)
		}
	}
	return titles
}

// Slices that begin with something.

func Headed(a []song) []string {
	lines := []string{"title"} // want `lines grows by append by len\(a\) elements of 16 bytes`
	for _, s := range a {
		lines = append(lines, s.title)
	}
	return lines
}

func First(a []song, first string) []string {
	var lines []string // want `lines grows by append by len\(a\) elements`
	lines = append(lines, first)
	for _, s := range a {
		lines = append(lines, s.title)
	}
	return lines
}

// Silent: it has room for some of them already.
func Rows(a []song) []string {
	lines := []string{"title", "length", "credit"}
	for _, s := range a {
		lines = append(lines, s.title)
	}
	return lines
}

func FirstOfSome(a []song, first string) []string {
	var lines []string
	if first != "" {
		lines = append(lines, first)
	}
	for _, s := range a {
		lines = append(lines, s.title)
	}
	return lines
}

// Made anew, other than where they are declared.

func Lengths(a []song) (byTitle map[string]int, n int) {
	byTitle = make(map[string]int) // want `byTitle receives len\(a\) keys`
	for _, s := range a {
		byTitle[s.title] = s.length
	}
	return byTitle, len(byTitle)
}

func Each(albums []album, show func([]string)) {
	var titles []string
	for i := range albums {
		titles = nil // want `titles grows by append to len\(albums\[i\].songs\) elements`
		for _, s := range albums[i].songs {
			titles = append(titles, s.title)
		}
		show(titles)
	}
}

func Reused(albums []album, show func([]string)) {
	var titles []string
	for i := range albums {
		titles = titles[:0]
		for _, s := range albums[i].songs {
			titles = append(titles, s.title)
		}
		show(titles)
	}
}

// Room that is a guess, where the number is known.

func Guessed(a []song) []string {
	titles := make([]string, 0, 4) // want `titles has room for 4 and grows by append to len\(a\) elements of 16 bytes, .* reserve len\(a\) before the loop`
	for _, s := range a {
		titles = append(titles, s.title)
	}
	return titles
}

func GuessedMap(a []song) map[string]int {
	m := make(map[string]int, 4) // want `m receives len\(a\) keys`
	for _, s := range a {
		m[s.title] = s.length
	}
	return m
}

func Plenty(a []song) []string {
	titles := make([]string, 0, 64) // who knows
	for _, s := range a {
		titles = append(titles, s.title)
	}
	return titles
}

// Numbers that are put into bytes.

func Binary(ns []uint64) []byte {
	var b []byte // want `b grows by append to 8\*len\(ns\) elements of 1 bytes|b grows by append to len\(ns\)\*8 elements of 1 bytes`
	for _, n := range ns {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return b
}

func Varints(ns []uint64) []byte {
	var b []byte
	for _, n := range ns {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

// Steps of a size that is not constant.

func Every(a []song, step int) []string {
	if step <= 0 {
		return nil
	}
	var titles []string // want `reserve \(len\(a\)\+step-1\)/step before`
	for i := 0; i < len(a); i += step {
		titles = append(titles, a[i].title)
	}
	return titles
}

func EveryUnchecked(a []song, step int) []string {
	var titles []string // want `reserve \(len\(a\)\+step-1\)/step before`
	for i := 0; i < len(a); i += step {
		titles = append(titles, a[i].title)
	}
	return titles
}

func Doubling(a []song, step int) []string {
	var titles []string
	for i := 0; i < len(a); i += step {
		titles = append(titles, a[i].title)
		step *= 2
	}
	return titles
}

// Two conditions.

func Zipped(a []song, b []string) []string {
	var out []string // want `reserve 2\*min\(len\(a\), len\(b\)\) before|reserve min\(len\(a\), len\(b\)\)\*2 before`
	for i := 0; i < len(a) && i < len(b); i++ {
		out = append(out, a[i].title, b[i])
	}
	return out
}

func WhileGood(a []song) []string {
	var out []string
	for i := 0; i < len(a) && a[i].length > 0; i++ {
		out = append(out, a[i].title)
	}
	return out
}

// What is ranged over comes from a call.

func (a *album) all() []song { return a.songs }

func (a *album) Titles() []string {
	var titles []string // want `titles grows by append to len\(a.all\(\)\) elements of 16 bytes, .* keep what the call returns, and reserve len\(a.all\(\)\) before the loop`
	for _, s := range a.all() {
		titles = append(titles, s.title)
	}
	return titles
}

func Indexed(load func() map[string]song) map[string]int {
	m := map[string]int{} // want `m receives len\(load\(\)\) keys one by one and is rehashed each time it outgrows its table; make it with room for len\(load\(\)\), called once`
	for k, s := range load() {
		m[k] = s.length
	}
	return m
}

func Bars(s string) []string {
	var out []string // want `reserve utf8.RuneCountInString\(s\) before`
	for range utf8.RuneCountInString(s) {
		out = append(out, "|")
	}
	return out
}

type shelf interface {
	Len() int
	At(i int) song
}

func Shelf(sh shelf) []song {
	var out []song // want `keep what the call returns, and reserve sh.Len\(\) before`
	for i := range sh.Len() {
		out = append(out, sh.At(i))
	}
	return out
}

func (a *album) Once() []string {
	var titles []string
	for _, s := range a.all() {
		titles = append(titles, s.title)
	}
	return titles
}

// Parts of the elements.

func Notes(a []song) []track {
	var all []track // want `all grows by append of one slice after the other, and is copied each time it outgrows its array; add up their lengths first and reserve the sum before the loop`
	for _, s := range a {
		all = append(all, s.tracks...)
	}
	return all
}

func Deep(a []song) (all []string) { // want `all grows by append of one slice after the other`
	for _, s := range a {
		for _, t := range s.tracks {
			for _, n := range t.notes {
				all = append(all, n)
			}
		}
	}
	return all
}

func NotesOnce(a []song) []track {
	var all []track
	for _, s := range a {
		all = append(all, s.tracks...)
	}
	return all
}

func Locked(albums []*album) []string {
	var titles []string
	for _, a := range albums {
		a.mu.Lock()
		for _, s := range a.songs {
			titles = append(titles, s.title)
		}
		a.mu.Unlock()
	}
	return titles
}

func Told(a []song, tell func(string)) []track {
	var all []track
	for _, s := range a {
		tell(s.title)
		all = append(all, s.tracks...)
	}
	return all
}

func Credits(a []song) []string {
	var all []string // want `reserve 4\*len\(a\) before|reserve len\(a\)\*4 before`
	for i := range a {
		for _, c := range a[i].credit {
			all = append(all, c)
		}
	}
	return all
}

// Keys that a call makes of the element, together with the value.

func Keyed[K comparable, V any](a []song, f func(song) (K, V)) map[K]V {
	m := make(map[K]V) // want `m receives len\(a\) keys`
	for i := range a {
		k, v := f(a[i])
		m[k] = v
	}
	return m
}

// What a call is handed decides whether it may change the number.

func gap(a, b song) int { return a.length - b.length }

func named(s string, n int) string { return strings.Repeat(s, n) }

func (a *album) Names() []string {
	var out []string // want `reserve max\(0, len\(a.songs\)-1\) before`
	for i := 1; i < len(a.songs); i++ {
		out = append(out, named(a.songs[i].title, a.songs[i-1].length))
	}
	return out
}

func (a *album) pop() string {
	s := a.songs[0]
	a.songs = a.songs[1:]
	return s.title
}

func (a *album) Popped() []string {
	var out []string
	for i := 0; i < len(a.songs); i++ {
		out = append(out, a.pop())
	}
	return out
}

// Silent: no more than fits on the stack.

func Three(ns []int) []int {
	var out []int
	for _, n := range ns[:3] {
		out = append(out, n+1)
	}
	return out
}

// A field of a struct that is embedded is one of the struct.

type roster struct {
	people []string
}

type team struct {
	roster
	name string
}

func Shout(names []string) *team {
	t := &team{name: "loud"}
	for _, n := range names {
		t.people = append(t.people, n+"!") // want `reserve len\(names\) before`
	}
	return t
}

func Echo(from roster, names []string) *team {
	t := &team{roster: from}
	for _, n := range names {
		t.people = append(t.people, n+"!")
	}
	return t
}

func Members(t *team) (out []string) { // want `reserve len\(t.people\) before`
	for _, p := range t.people {
		out = append(out, p+"?")
	}
	return out
}

// What a function value makes of an element only its maker knows.

func KeyedBy[K comparable, V any](list []V, key func(V) K) map[K]V {
	m := make(map[K]V)
	for _, v := range list {
		m[key(v)] = v
	}
	return m
}

// Nor does anything say that elements of any type differ. Those of a known type that become
// keys are names of something.

func Swapped[A, B comparable](pairs map[A]B) map[B]A {
	m := make(map[B]A)
	for a, b := range pairs {
		m[b] = a
	}
	return m
}

func Positions[T comparable](list []T) map[T]int {
	m := make(map[T]int)
	for i, x := range list {
		m[x] = i
	}
	return m
}

func BySinger(singers map[int]string) map[string]int {
	m := make(map[string]int) // want `m receives len\(singers\) keys`
	for id, name := range singers {
		m[name] = id
	}
	return m
}

// Fields that decoders can fill, of a struct that other packages cannot name.

type sheet struct {
	Title string
	Cells [][]string
}

func (s *sheet) addAll(songs []song) {
	for _, x := range songs {
		s.Cells = append(s.Cells, []string{x.title}) // want `s.Cells grows by append by len\(songs\) elements`
	}
}

func printed(songs []song) *sheet {
	var s sheet
	s.addAll(songs)
	return &s
}

type page struct{ Cells [][]string }

func (p *page) addAll(songs []song) {
	for _, x := range songs {
		p.Cells = append(p.Cells, []string{x.title})
	}
}

func reprinted(in []byte, songs []song) (*page, error) {
	var p page
	if err := json.Unmarshal(in, &p); err != nil {
		return nil, err
	}
	p.addAll(songs)
	return &p, nil
}

type book struct{ Cells [][]string }

func (b *book) addAll(songs []song) {
	for _, x := range songs {
		b.Cells = append(b.Cells, []string{x.title})
	}
}

func bound(lists [][]song) *book {
	b := &book{}
	for _, songs := range lists {
		b.addAll(songs)
	}
	return b
}

// Where the function that is given the slice puts it, only the compiler knows.

var charts [][]int

func chart(list []int) { charts = append(charts, list) }

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

func Chart(a []song) {
	var lengths []int // want `lengths grows by append to len\(a\) elements`
	for i := range a {
		lengths = append(lengths, a[i].length)
	}
	chart(lengths)
}

func Length(a []song) int {
	var lengths []int
	for i := range a {
		lengths = append(lengths, a[i].length)
	}
	return sum(lengths)
}

// A copy of a struct with a map of its own.

type library struct{ songs map[string]song }

func (b *library) Clone() *library {
	c := &library{songs: make(map[string]song)}
	for k, s := range b.songs {
		c.songs[k] = s // want `c.songs receives len\(b.songs\) keys`
	}
	return c
}

func (b *library) Other() *library {
	c := &library{songs: b.songs}
	for k, s := range b.songs {
		c.songs[k+"'"] = s
	}
	return c
}

// What is given an element of a list that does not lead back to the list cannot change how long it is.
type crate struct {
	label string
	fruit []string
}

type tag struct {
	text string
	n, m int64
}

type store struct {
	crates []*crate
	tags   []tag
	racks  []*rack
	names  []tag
}

type rack struct {
	at *store
	no int
}

func tagOf(c *crate) tag { return tag{text: c.label, n: int64(len(c.fruit))} }

func (s *store) relabel() {
	s.tags = nil
	for i := 0; i < len(s.crates); i++ {
		s.tags = append(s.tags, tagOf(s.crates[i])) // want `s.tags grows by append to len\(s.crates\) elements of 32 bytes`
	}
}

func nameOf(r *rack) tag {
	r.at.racks = r.at.racks[:len(r.at.racks)-1]
	return tag{n: int64(r.no)}
}

func (s *store) rename() {
	s.names = nil
	for i := 0; i < len(s.racks); i++ {
		s.names = append(s.names, nameOf(s.racks[i]))
	}
}

func (s *store) add(c *crate, r *rack) { s.crates, s.racks = append(s.crates, c), append(s.racks, r) }
