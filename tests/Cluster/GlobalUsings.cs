global using Inspection.Cluster.Tests.Harness;
global using Inspection.Tests.Support;
global using Xunit;
