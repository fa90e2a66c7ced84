package console

// MenuPaths are the addresses of the screens that are in the menu.
func MenuPaths() (paths []string) {
	for _, s := range (&console{}).listed() {
		if s.menu {
			paths = append(paths, Prefix+s.path)
		}
	}
	return paths
}
