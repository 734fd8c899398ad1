package template

// condition evaluates a condition of the template by its name.
func (r *resolver) condition(at, name string) bool {
	expression, ok := r.doc.Conditions[name]
	if !ok {
		r.problem(at, "there is no condition %q", name)
		return false
	}
	if r.checking[name] {
		r.problem("Conditions."+name, "depends on itself")
		return false
	}
	r.checking[name] = true
	defer delete(r.checking, name)
	return r.truth("Conditions."+name, expression)
}

// truth evaluates an expression of the Conditions section.
func (r *resolver) truth(at string, expression any) bool {
	v, _ := expression.(map[string]any)
	if name, ok := v["Condition"].(string); ok && len(v) == 1 {
		return r.condition(at, name)
	}
	name, argument, _ := intrinsic(v)
	list, _ := argument.([]any)
	switch {
	case name == "Fn::Equals" && len(list) == 2:
		return text(r.value(at, list[0])) == text(r.value(at, list[1]))
	case name == "Fn::Not" && len(list) == 1:
		return !r.truth(at, list[0])
	case name == "Fn::And" && len(list) >= 2:
		all := true
		for _, element := range list {
			all = r.truth(at, element) && all
		}
		return all
	case name == "Fn::Or" && len(list) >= 2:
		some := false
		for _, element := range list {
			some = r.truth(at, element) || some
		}
		return some
	}
	r.problem(at, "is not a condition: Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition")
	return false
}
