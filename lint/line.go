package lint

import (
	"fmt"
	"go/token"
	"path/filepath"
	"strings"
)

// elsewhere encloses the name of a file in a message that is not finished.
const elsewhere = "\x00"

// Line names the line of a position in the message of a finding: "line 7", or "line 7 of
// other.go" if the finding is in another file. It is for checks that [New] finishes, which knows by
// then where the finding is.
func Line(fset *token.FileSet, pos token.Pos) string {
	p := fset.Position(pos)
	return fmt.Sprintf("line %d%s%s%s", p.Line, elsewhere, filepath.Base(p.Filename), elsewhere)
}

// finish leaves the names of those files in a message that are not that of pos.
func finish(fset *token.FileSet, pos token.Pos, message string) string {
	parts := strings.Split(message, elsewhere)
	if len(parts) == 1 {
		return message
	}
	here := filepath.Base(fset.Position(pos).Filename)
	for i := 1; i < len(parts); i += 2 {
		if parts[i] == here {
			parts[i] = ""
		} else {
			parts[i] = " of " + parts[i]
		}
	}
	return strings.Join(parts, "")
}
