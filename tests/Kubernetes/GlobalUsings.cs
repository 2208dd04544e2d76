global using Inspection.Tests.Support;
global using Inspection.Tests.Support.Cluster;
global using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // two plants at once would share the machine's cores
