package ctxlost

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"github.com/heapvet/heapvet/lint"
)

// explained reports whether a comment beside or just above the line of n, or that of the
// function, gives a reason for going on without the context of the caller.
func (r *run) explained(n ast.Node, doc *ast.CommentGroup) bool {
	file := lint.FileOf(r.Pass, n.Pos())
	if file == nil {
		return false
	}
	if doc != nil && givesReason(doc.Text()) {
		return true
	}
	from, to := r.line(n.Pos()), r.line(n.End())
	return slices.ContainsFunc(file.Comments, func(group *ast.CommentGroup) bool {
		last := r.line(group.End())
		near := from-1 <= last && r.line(group.Pos()) <= to || from-2 == last
		return near && group != doc && givesReason(group.Text())
	})
}

func (r *run) line(pos token.Pos) int { return r.Fset.PositionFor(pos, false).Line }

// givesReason reports whether a comment says that the work is meant to go on: that it is
// detached, or that it must not end with the caller. A comment that merely has to do with contexts
// gives no reason, and one that calls the place unfinished gives the opposite.
func givesReason(comment string) bool {
	words := strings.FieldsFunc(strings.ToLower(comment), unicode.IsSpace)
	var sentence []string
	for i, word := range words {
		if admits(strings.TrimFunc(word, func(c rune) bool { return !unicode.IsLetter(c) })) {
			return saysWhy(sentence)
		}
		sentence = append(sentence, word)
		if strings.ContainsAny(word[len(word)-1:], ".;!?") || i == len(words)-1 {
			if saysWhy(sentence) {
				return true
			}
			sentence = nil
		}
	}
	return false
}

// admits reports whether a comment with that word tells what is wrong rather than why it is right.
func admits(word string) bool {
	switch word {
	case "todo", "fixme", "bug", "xxx", "hack", "bad", "wrong", "mistake", "want", "nolint", "plumb", "yet":
		return true
	}
	return strings.HasPrefix(word, "todo(")
}

// saysWhy reports whether a sentence, in lower case, says that work goes on, or denies that
// something ends it.
func saysWhy(sentence []string) bool {
	s := strings.Join(sentence, " ")
	if containsAny(s, "intention", "deliberate", "on purpose", "purposely", "regardless", "irrespective", "independent", "outlive", "outlast", "survive",
		"even if", "even when", "even though", "even after", "even on", "whether or not", "no matter", "whatever happens", "best effort", "best-effort",
		"detach", "in the background", "fire and forget", "fire-and-forget", "uninterrupt", "withoutcancel",
		"separate context", "own context", "different context", "fresh context", "dedicated context", "separate ctx", "own ctx", "fresh ctx", "different ctx") {
		return true
	}
	if containsAny(s, "leak", "forget", "should use", "should pass", "should be pass", "ignores", "drops", "loses") {
		return false
	}
	return slices.ContainsFunc(sentence, denies) && speaksOfEnd(s, sentence)
}

// denies reports whether a word denies, or leads up to what is to be avoided.
func denies(word string) bool {
	switch strings.Trim(word, ",:()") {
	case "not", "no", "never", "without", "cannot", "avoid", "avoids", "prevent", "prevents", "otherwise", "because", "since", "already",
		"still", "instead", "rather", "after", "may", "might", "could", "always", "must":
		return true
	}
	return strings.HasSuffix(word, "n't")
}

// speaksOfEnd reports whether a sentence is about the end of work, or about the context or the
// lifetime of those who asked for it. Timeouts are not: they are what Background is mostly given.
func speaksOfEnd(s string, words []string) bool {
	if slices.ContainsFunc(words, func(w string) bool { return strings.Trim(w, ".,:;()'`\"") == "ctx" }) {
		return true
	}
	return containsAny(s, "cancel", "abort", "interrupt", "disconnect", "goes away", "going away", "gone", "went away", "hang up", "hangs up", "hung up",
		"gives up", "give up", "gave up", "lifetime", "lifecycle", "tied to", "bound to", "bound by", "expired", "shut down", "shutdown", "shutting down",
		"request context", "request's context", "request ctx", "r.context()", "parent context", "parent's context", "parent ctx", "caller context", "caller's context",
		"incoming context", "original context", "outer context", "this context", "the context is", "context may", "context might", "context was", "stopped", "killed",
		"parent deadline", "caller's deadline", "parent's deadline", "terminated")
}

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}
