package main

import "github.com/minim-dev/minim/infra/local/guard"

// serveDynamoDB serves DynamoDB Local to the programs of this machine: the root may call everything,
// functions what their roles allow.
func (c *cloud) serveDynamoDB() error {
	roles := c.guard
	if roles == nil { // there are no functions
		roles = guard.New(guard.Options{Region: region, Account: account, Root: accessKey})
	}
	handler, err := roles.DynamoDB(c.parts.DynamoDB, c.parts.Host)
	if err != nil {
		return err
	}
	listener, err := listen()
	if err != nil {
		return err
	}
	c.dynamoDB = "http://" + listener.Addr().String()
	c.closing = append(c.closing, serve(listener, forPrograms(handler)))
	return nil
}
