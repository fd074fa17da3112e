package other

type T int

type Object struct{ Labels map[string]string }

func Parse(s string) (*Object, error) { return &Object{}, nil }
