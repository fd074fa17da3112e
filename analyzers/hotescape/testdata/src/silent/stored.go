package silent

import "context"

type store interface {
	Save(ctx context.Context, it *item) error
}

func (i *item) save(ctx context.Context, s store) error { return s.Save(ctx, i) }

func stock() []item { return make([]item, 100) }

// What is stored waits for the store, and a copy is nothing beside that.
func saveAll(ctx context.Context, s store) error {
	items := stock()
	for _, it := range items {
		if it.id == 0 {
			continue
		}
		if err := s.Save(ctx, &it); err != nil {
			return err
		}
	}
	return nil
}

func saveThemselves(ctx context.Context, s store) (err error) {
	items := stock()
	for _, it := range items {
		println(it.data[0])
		err = it.save(ctx, s)
	}
	return err
}
