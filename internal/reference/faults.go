package reference

// Faults returns the catalogue.
func Faults() []Fault { return nil }
