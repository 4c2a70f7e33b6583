// Command manager is a controller as ARC's are built, with controller-runtime: leader election by a lease, caches of a
// custom resource and of the pods that it owns, typed clients (protobuf), finalizers, merge patches of status, events. For
// each EphemeralRunner it makes a secret and a pod, reports them in the status and takes them down with the runner. It is
// no reconciler of ARC's; it sends the kinds of requests that ARC's send.
package main

import (
	"context"
	"fmt"
	"os"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

const finalizer = "lab.example/manager"

var kind = schema.GroupVersionKind{Group: "actions.github.com", Version: "v1alpha1", Kind: "EphemeralRunner"}

type reconciler struct {
	client.Client
	events record.EventRecorder
}

func main() {
	log.SetLogger(zap.New(zap.WriteTo(os.Stderr)))
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err)
	manager, err := ctrl.NewManager(config, ctrl.Options{
		LeaderElection:          true,
		LeaderElectionID:        "lab-manager",
		LeaderElectionNamespace: os.Args[2],
		Metrics:                 server.Options{BindAddress: "0"},
	})
	must(err)
	r := &reconciler{manager.GetClient(), manager.GetEventRecorderFor("lab-manager")}
	must(ctrl.NewControllerManagedBy(manager).Named("runner").For(runner()).Owns(&core.Pod{}).Complete(r))
	fmt.Println("starting")
	must(manager.Start(ctrl.SetupSignalHandler()))
}

func runner() *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(kind)
	return object
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	object := runner()
	if err := r.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	before := object.DeepCopy()
	if object.GetDeletionTimestamp() != nil {
		if controllerutil.RemoveFinalizer(object, finalizer) {
			secret := &core.Secret{ObjectMeta: meta.ObjectMeta{Name: object.GetName(), Namespace: object.GetNamespace()}}
			if err := client.IgnoreNotFound(r.Delete(ctx, secret)); err != nil {
				return ctrl.Result{}, err
			}
			return ctrl.Result{}, r.Patch(ctx, object, client.MergeFrom(before))
		}
		return ctrl.Result{}, nil
	}
	if controllerutil.AddFinalizer(object, finalizer) {
		return ctrl.Result{}, r.Patch(ctx, object, client.MergeFrom(before))
	}
	secret := &core.Secret{
		ObjectMeta: meta.ObjectMeta{Name: object.GetName(), Namespace: object.GetNamespace()},
		Data:       map[string][]byte{"jitToken": []byte("value")},
	}
	must(controllerutil.SetControllerReference(object, secret, r.Scheme()))
	if err := r.Create(ctx, secret); err != nil && !errors.IsAlreadyExists(err) {
		return ctrl.Result{}, err
	}
	pod := &core.Pod{}
	if err := r.Get(ctx, request.NamespacedName, pod); errors.IsNotFound(err) {
		pod = &core.Pod{
			ObjectMeta: meta.ObjectMeta{Name: object.GetName(), Namespace: object.GetNamespace()},
			Spec:       core.PodSpec{Containers: []core.Container{{Name: "runner", Image: "runner:1"}}},
		}
		must(controllerutil.SetControllerReference(object, pod, r.Scheme()))
		if err := r.Create(ctx, pod); err != nil {
			return ctrl.Result{}, client.IgnoreAlreadyExists(err)
		}
		r.events.Event(object, core.EventTypeNormal, "PodCreated", "the pod has been created")
		return ctrl.Result{}, nil
	} else if err != nil {
		return ctrl.Result{}, err
	}
	must(unstructured.SetNestedField(object.Object, string(pod.Status.Phase), "status", "phase"))
	return ctrl.Result{}, r.Status().Patch(ctx, object, client.MergeFrom(before))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
