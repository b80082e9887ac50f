package main

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	automation "github.com/fluxcd/image-automation-controller/api/v1"
	reflector "github.com/fluxcd/image-reflector-controller/api/v1"
	notify "github.com/fluxcd/notification-controller/api/v1"
	server "github.com/fluxcd/notification-controller/mooring"
	source "github.com/fluxcd/source-controller/api/v1"
)

var scheme = runtime.NewScheme()

func init() {
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, automation.AddToScheme, reflector.AddToScheme, notify.AddToScheme, source.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
}

// clusterOf holds the given objects in memory; nothing validates them but their types, nothing defaults them.
func clusterOf(objects ...client.Object) client.Client {
	return fake.NewClientBuilder().
		WithScheme(scheme).
		WithStatusSubresource(&automation.ImageUpdateAutomation{}, &reflector.ImagePolicy{}, &reflector.ImageRepository{}).
		WithIndex(&notify.Receiver{}, server.PathIndex, server.PathOf).
		WithObjects(objects...).
		Build()
}

// objectsOf reads Kubernetes objects of the kinds in the scheme, strictly.
func objectsOf(raw []json.RawMessage) ([]client.Object, error) {
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	var objects []client.Object
	for at, one := range raw {
		decoded, _, err := decoder.Decode(one, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("objects[%d]: %w", at, err)
		}
		object, ok := decoded.(client.Object)
		if !ok {
			return nil, fmt.Errorf("objects[%d]: it has no metadata", at)
		}
		if secret, ok := object.(*corev1.Secret); ok {
			mergeStringData(secret)
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// mergeStringData does what the API server does when a Secret is written.
func mergeStringData(secret *corev1.Secret) {
	for key, value := range secret.StringData {
		if secret.Data == nil {
			secret.Data = map[string][]byte{}
		}
		secret.Data[key] = []byte(value)
	}
	secret.StringData = nil
}
