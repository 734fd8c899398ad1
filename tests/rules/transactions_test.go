package rules

import (
	"go/ast"
	"testing"
)

// TestTransactions: all transactions use one function, which implements retries,
// tokens and the evaluation of cancellation reasons.
func TestTransactions(t *testing.T) {
	f := rule(t, "transactions")
	owned := false
	for _, file := range source(t) {
		ast.Inspect(file.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || method.Sel.Name != "TransactWriteItems" && method.Sel.Name != "ExecuteTransaction" {
				return true
			}
			if file.name == "shared/table/transact.go" {
				owned = true
			} else {
				f.add(file.name, "line %d calls %s; call transact in shared/table instead", file.line(call.Pos()), method.Sel.Name)
			}
			return true
		})
	}
	if !owned {
		t.Error("shared/table/transact.go writes no transactions: this rule checks nothing")
	}
}
