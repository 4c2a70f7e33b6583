// Command schema writes the table of Kubernetes types that the embedded cluster decodes, defaults and patches with: the
// fields' JSON names, protobuf numbers, types, whether they may be left out and how strategic merge patches treat them.
// All of it is read by reflection from the Go types that define the wire format.
//
//	go run ./schema > ../../src/kubernetes/embedded/schema/types.ts
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	apps "k8s.io/api/apps/v1"
	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	events "k8s.io/api/events/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var roots = []any{
	core.Namespace{}, core.Pod{}, core.Secret{}, core.ConfigMap{}, core.ServiceAccount{}, core.ResourceQuota{}, core.Event{},
	core.Node{}, core.Service{}, apps.Deployment{}, apps.ReplicaSet{}, autoscaling.Scale{}, events.Event{},
	rbac.Role{}, rbac.RoleBinding{}, rbac.ClusterRole{}, rbac.ClusterRoleBinding{}, coordination.Lease{},
	authorization.SelfSubjectAccessReview{}, authorization.SubjectAccessReview{}, authorization.LocalSubjectAccessReview{},
	authorization.SelfSubjectRulesReview{}, authentication.SelfSubjectReview{},
	meta.DeleteOptions{}, meta.ObjectMeta{},
}

// Types whose JSON form is not their fields.
var leaves = map[reflect.Type]string{
	reflect.TypeOf(resource.Quantity{}):    "Quantity",
	reflect.TypeOf(intstr.IntOrString{}):   "IntOrString",
	reflect.TypeOf(meta.Time{}):            "Time",
	reflect.TypeOf(meta.MicroTime{}):       "MicroTime",
	reflect.TypeOf(meta.FieldsV1{}):        "Fields",
	reflect.TypeOf(runtime.RawExtension{}): "Raw",
}

var lines = map[string]string{}
var named = map[string]reflect.Type{}

func main() {
	for _, root := range roots {
		visit(reflect.TypeOf(root))
	}
	names := []string{}
	for name := range lines {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Println("/**")
	fmt.Println(" * The wire format of the kinds that the embedded cluster serves besides ARC's own (Kubernetes 1.34). Written by")
	fmt.Println(" * test/apiserver/schema; schema.ts explains the notation and reads it.")
	fmt.Println(" */")
	fmt.Println("export const TYPES: Readonly<Record<string, string>> = {")
	for _, name := range names {
		fmt.Printf("  '%s': '%s',\n", name, lines[name])
	}
	fmt.Println("};")
}

func visit(t reflect.Type) string {
	if leaf, ok := leaves[t]; ok {
		return leaf
	}
	switch t.Kind() {
	case reflect.Pointer:
		return visit(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return visit(t.Elem()) + "[]"
	case reflect.Map:
		return "map." + visit(t.Elem())
	case reflect.Struct:
		name := nameOf(t)
		if _, seen := lines[name]; !seen {
			lines[name] = ""
			lines[name] = fieldsOf(t)
		}
		return name
	default:
		return t.Kind().String()
	}
}

// nameOf qualifies a name that another package has given to another type, such as the events of events.k8s.io.
func nameOf(t reflect.Type) string {
	name := t.Name()
	if first, taken := named[name]; taken && first != t {
		name = strings.Split(t.PkgPath(), "/")[2] + "." + name
	}
	if _, taken := named[name]; !taken {
		named[name] = t
	}
	return name
}

func fieldsOf(t reflect.Type) string {
	fields := []string{}
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		json := strings.Split(field.Tag.Get("json"), ",")
		proto := strings.Split(field.Tag.Get("protobuf"), ",")
		inline := json[0] == "" && len(json) > 1 && json[1] == "inline"
		if field.Type == reflect.TypeOf(meta.TypeMeta{}) || json[0] == "-" {
			continue
		}
		if len(proto) < 2 {
			panic(t.Name() + "." + field.Name + " has no protobuf number")
		}
		text := json[0] + " " + proto[1] + " " + visit(field.Type)
		if inline {
			text = "^ " + proto[1] + " " + visit(field.Type)
		}
		if field.Type.Kind() == reflect.Pointer {
			text += "*"
		}
		omitted := false
		for _, option := range json[1:] {
			// Go's encoder never takes a struct for empty.
			isStruct := field.Type.Kind() == reflect.Struct
			omitted = omitted || option == "omitempty" && !isStruct || option == "omitzero"
		}
		if !omitted && !inline {
			text += "!"
		}
		strategy := field.Tag.Get("patchStrategy")
		if strings.Contains(strategy, "retainKeys") {
			text += " retainKeys"
		}
		if strings.Contains(strategy, "merge") {
			text += " merge=" + field.Tag.Get("patchMergeKey")
		}
		fields = append(fields, text)
	}
	return strings.Join(fields, "; ")
}
