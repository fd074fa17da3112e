package other

type T int
