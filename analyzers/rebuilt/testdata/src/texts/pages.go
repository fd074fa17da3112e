package texts

import (
	"html/template"
	"io"
	text "text/template"
)

// A page is written for whoever asks for it.

type invoice struct{ lines []string }

const invoicePage = `<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>`

func (i *invoice) Page(w io.Writer) error {
	t, err := template.New("invoice").Parse(invoicePage) // want `Parse parses the template on every call, and never changes`
	if err != nil {
		return err
	}
	return t.Execute(w, i.lines)
}

// Silent: source code that is written once, a template of the user's, one that is kept.

func Source(w io.Writer, names []string) error {
	t, err := text.New("source").Parse("package {{index . 0}}\n")
	if err != nil {
		return err
	}
	return t.Execute(w, names)
}

func (i *invoice) Custom(w io.Writer, page string) error {
	t, err := template.New("invoice").Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, i.lines)
}

func (i *invoice) Load(w io.Writer) (*template.Template, error) {
	t, err := template.New("invoice").Parse(invoicePage)
	if err != nil {
		return nil, err
	}
	return t, t.Execute(w, i.lines)
}
