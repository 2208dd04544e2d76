global using Inspection.Tests.Support;
global using Xunit;
