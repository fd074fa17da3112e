package exits

import "sync"

type file struct {
	name string
	size int
}

func (f file) load(wg *sync.WaitGroup) {
	defer wg.Done()
	beat()
}

func loadSome(files []file) {
	var wg sync.WaitGroup
	wg.Add(len(files))
	for _, f := range files {
		if f.size == 0 {
			continue
		}
		go f.load(&wg)
	}
	wg.Wait() // want `this Wait never returns if the loop at line 18 goes on to the next round without a Done on wg, as it may: Add has counted every round`
}

func loadAll(files []file) {
	var wg sync.WaitGroup
	wg.Add(len(files))
	for _, f := range files {
		if f.size == 0 {
			wg.Done()
			continue
		}
		go f.load(&wg)
	}
	wg.Wait()
}

func loadCounted(files []file) {
	var wg sync.WaitGroup
	for _, f := range files {
		if f.size == 0 {
			continue
		}
		wg.Add(1)
		go f.load(&wg)
	}
	wg.Wait()
}
