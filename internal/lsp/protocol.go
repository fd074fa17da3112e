package lsp

// The part of the Language Server Protocol 3.17 that the server speaks. Lines and
// columns count from 0, columns in UTF-16 code units.

type textPosition struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type textRange struct {
	Start textPosition `json:"start"`
	End   textPosition `json:"end"`
}

// overlaps reports whether the ranges have a place in common, if only an end.
func (r textRange) overlaps(o textRange) bool {
	return !r.End.before(o.Start) && !o.End.before(r.Start)
}

func (p textPosition) before(o textPosition) bool {
	return p.Line < o.Line || p.Line == o.Line && p.Character < o.Character
}

type location struct {
	URI   string    `json:"uri"`
	Range textRange `json:"range"`
}

type document struct {
	URI     string `json:"uri"`
	Version *int   `json:"version,omitempty"`
}

type documentParams struct {
	TextDocument document `json:"textDocument"`
}

type initializeParams struct {
	Options struct {
		Live bool `json:"live"`
	} `json:"initializationOptions"`
}

// How changes come.
const (
	syncFull        = 1
	syncDifferences = 2 // of which only the fact is of interest
)

type changeParams struct {
	Changes []struct {
		Range *textRange `json:"range"`
		Text  string     `json:"text"`
	} `json:"contentChanges"`
}

// text returns the new text of the document, or nil if only differences are known.
func (p changeParams) text() *string {
	if n := len(p.Changes); n > 0 && p.Changes[n-1].Range == nil {
		return &p.Changes[n-1].Text
	}
	return nil
}

type positionParams struct {
	TextDocument document     `json:"textDocument"`
	Position     textPosition `json:"position"`
}

type codeActionParams struct {
	TextDocument document  `json:"textDocument"`
	Range        textRange `json:"range"`
	Context      struct {
		Only []string `json:"only"`
	} `json:"context"`
}

type commandParams struct {
	Command   string     `json:"command"`
	Arguments []location `json:"arguments"`
}

type diagnostic struct {
	Range       textRange   `json:"range"`
	Severity    int         `json:"severity"`
	Code        string      `json:"code"`
	CodeInfo    *codeInfo   `json:"codeDescription,omitempty"`
	Source      string      `json:"source"`
	Message     string      `json:"message"`
	Information []relatedTo `json:"relatedInformation,omitempty"`
}

const (
	severityWarning     = 2
	severityInformation = 3
)

type codeInfo struct {
	Href string `json:"href"`
}

type relatedTo struct {
	Location location `json:"location"`
	Message  string   `json:"message"`
}

type publishParams struct {
	URI         string       `json:"uri"`
	Version     *int         `json:"version,omitempty"`
	Diagnostics []diagnostic `json:"diagnostics"`
}

type codeAction struct {
	Title       string         `json:"title"`
	Kind        string         `json:"kind"`
	Diagnostics []diagnostic   `json:"diagnostics,omitempty"`
	Preferred   bool           `json:"isPreferred,omitempty"`
	Edit        *workspaceEdit `json:"edit,omitempty"`
	Command     *command       `json:"command,omitempty"`
}

type command struct {
	Title     string     `json:"title"`
	Command   string     `json:"command"`
	Arguments []location `json:"arguments"`
}

// A workspaceEdit names the version of the document that it was made for, so that
// an editor refuses it when the text has changed since.
type workspaceEdit struct {
	DocumentChanges []documentEdit `json:"documentChanges"`
}

type documentEdit struct {
	TextDocument versionedDocument `json:"textDocument"`
	Edits        []textEdit        `json:"edits"`
}

type versionedDocument struct {
	URI     string `json:"uri"`
	Version *int   `json:"version"` // null: as it is on disk
}

type textEdit struct {
	Range   textRange `json:"range"`
	NewText string    `json:"newText"`
}

type hover struct {
	Contents struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	} `json:"contents"`
}

type messageParams struct {
	Type    int    `json:"type"`
	Message string `json:"message"`
}

const (
	messageError = 1
	messageInfo  = 3
)

type initializeResult struct {
	Capabilities capabilities `json:"capabilities"`
	ServerInfo   serverInfo   `json:"serverInfo"`
}

type serverInfo struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type capabilities struct {
	TextDocumentSync struct {
		OpenClose bool `json:"openClose"`
		Change    int  `json:"change"`
		Save      bool `json:"save"`
	} `json:"textDocumentSync"`
	CodeAction struct {
		Kinds []string `json:"codeActionKinds"`
	} `json:"codeActionProvider"`
	Command struct {
		Commands []string `json:"commands"`
	} `json:"executeCommandProvider"`
	Hover bool `json:"hoverProvider"`
}
