// Package adaptermock has generated mocks of the adapter contract, for tests that care about the calls rather than about
// a provider. Where a message should really arrive somewhere, use a provider's fake.
package adaptermock

//go:generate go run github.com/golang/mock/mockgen@v1.6.0 -source=../adapter.go -destination=mock.go -package=adaptermock
